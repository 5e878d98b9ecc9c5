//! What goes in at one end comes out at the other, and nothing stays behind.

use channel::{Buffer, Channel, Marker, Outgoing, Outside, Process, Ready, note_fork};
use std::io;
use std::os::fd::AsFd;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// One test counts the process's descriptors, so no two run at a time.
static ALONE: Mutex<()> = Mutex::new(());

fn alone() -> MutexGuard<'static, ()> {
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

fn descriptors() -> usize {
    std::fs::read_dir("/proc/self/fd").expect("proc is there").count()
}

#[test]
fn messages_of_any_size_arrive_whole_and_in_order() -> io::Result<()> {
    let _alone = alone();
    let (here, there) = Channel::pair()?;
    let sizes = [0, 1, 100, 65_535, 65_536, 1_000_000, 10_000_000];
    let fill = |size: usize| (0..size).map(|i| (i * 7 % 251) as u8).collect::<Vec<_>>();
    let sender = thread::spawn(move || -> io::Result<()> {
        for (tag, size) in sizes.into_iter().enumerate() {
            let (bytes, buffer) = (fill(size), fill(size + 1));
            let buffers: [&[u8]; 3] = [&buffer, &[], &bytes];
            let buffers = buffers.map(Outside::Bytes);
            let parcel = Outgoing {
                kind: 3,
                tag: tag as u64,
                nanoseconds: size as u64,
                bytes: &[&bytes[..size.min(3)], &bytes[size.min(3)..]],
                buffers: &buffers,
            };
            here.send(&[parcel, Outgoing { bytes: &[], buffers: &[], ..parcel }])?;
        }
        Ok(())
    });
    for (tag, size) in sizes.into_iter().enumerate() {
        let parcels = there.receive()?.expect("the sender is there");
        assert_eq!(parcels.len(), 2);
        assert!(parcels.iter().all(|parcel| (parcel.kind, parcel.tag) == (3, tag as u64)));
        assert_eq!(parcels[0].nanoseconds, size as u64);
        assert_eq!(parcels[0].bytes.as_ref(), fill(size));
        let buffers: Vec<_> = parcels[0].buffers.iter().map(AsRef::as_ref).collect();
        assert_eq!(buffers, [&fill(size + 1)[..], &[], &fill(size)]);
        assert!(parcels[1].bytes.as_ref().is_empty() && parcels[1].buffers.is_empty());
    }
    sender.join().expect("no panic")?;
    assert!(there.receive()?.is_none(), "the end of the connection is no error");
    Ok(())
}

#[test]
fn a_message_of_more_pieces_than_the_kernel_takes_at_one_time_arrives_whole() -> io::Result<()> {
    let _alone = alone();
    let (here, there) = Channel::pair()?;
    // Long ones, which are sent from where they stand, and short ones between them.
    let bytes: Vec<_> = (0..3_000).map(|i| vec![i as u8; [5, 2_000][i % 2]]).collect();
    let sent = bytes.clone();
    let sender = thread::spawn(move || {
        let sent: Vec<_> = sent.iter().map(|bytes| [bytes.as_slice()]).collect();
        let parcel = |bytes| Outgoing { bytes, ..Outgoing::default() };
        here.send(&sent.iter().map(|bytes| parcel(&bytes[..])).collect::<Vec<_>>())
    });
    let parcels = there.receive()?.expect("the sender is there");
    assert!(parcels.iter().map(|parcel| parcel.bytes.as_ref()).eq(&bytes));
    sender.join().expect("no panic")
}

#[test]
fn segments_are_aligned_and_live_as_long_as_their_buffers() -> io::Result<()> {
    let _alone = alone();
    let (here, there) = Channel::pair()?;
    let before = descriptors();
    let large: Vec<_> = (0..3_u8).map(|byte| vec![byte; 100_001]).collect();
    let buffers: Vec<_> = large.iter().map(|bytes| Outside::Bytes(bytes)).collect();
    here.send(&[Outgoing { buffers: &buffers, ..Outgoing::default() }])?;
    let parcels = there.receive()?.expect("the sender is there");
    drop((here, there));
    for (buffer, expected) in parcels[0].buffers.iter().zip(&large) {
        assert_eq!(buffer.as_ref(), expected);
        assert_eq!(buffer.as_ref().as_ptr().addr() % 64, 0);
    }
    // Mapped memory needs no descriptor; the two ends are closed.
    assert!(descriptors() <= before, "{} descriptors were {before}", descriptors());
    Ok(())
}

#[test]
fn a_descriptor_travels_beside_a_message() -> io::Result<()> {
    let _alone = alone();
    let (here, there) = Channel::pair()?;
    let (near, far) = Channel::pair()?;
    let parcel = Outgoing { bytes: &[b"take this"], ..Outgoing::default() };
    here.send_descriptors(&[parcel], &[far.as_fd()])?;
    drop(far);
    let (_, mut descriptors) = there.receive_descriptors()?.expect("the sender is there");
    assert_eq!(descriptors.len(), 1);
    let far = Channel::from(descriptors.remove(0));
    far.send(&[parcel])?;
    assert_eq!(near.receive()?.expect("the far end is there")[0].bytes.as_ref(), b"take this");
    Ok(())
}

#[test]
fn an_end_that_closes_within_a_message_is_an_error() -> io::Result<()> {
    let _alone = alone();
    use std::io::Write;
    let (here, there) = std::os::unix::net::UnixStream::pair()?;
    (&here).write_all(&[1, 0, 0, 0, 0, 0, 0, 0, 100, 0, 0, 0, 0, 0, 0, 0, 5])?;
    drop(here);
    let there = Channel::from(std::os::fd::OwnedFd::from(there));
    let error = there.receive().expect_err("99 bytes are missing");
    assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof);
    Ok(())
}

#[test]
fn sending_to_a_closed_end_is_an_error_and_no_signal() -> io::Result<()> {
    let _alone = alone();
    let (here, there) = Channel::pair()?;
    drop(there);
    let parcel = Outgoing { bytes: &[b"x"], ..Outgoing::default() };
    let error = here.send(&[parcel]).expect_err("nobody listens");
    assert_eq!(error.kind(), io::ErrorKind::BrokenPipe);
    Ok(())
}

#[test]
fn a_wait_ends_at_its_deadline_with_a_message_or_with_the_other_end() -> io::Result<()> {
    let _alone = alone();
    let (here, there) = Channel::pair()?;
    let soon = Instant::now() + Duration::from_millis(20);
    assert!(!there.wait_until(soon)?);
    assert!(Instant::now() >= soon);
    assert!(!there.wait_until(soon)?, "a deadline that is over is not waited for");
    let far = Instant::now() + Duration::from_secs(60);
    here.send(&[Outgoing::default()])?;
    assert!(there.wait_until(far)?);
    assert!(there.receive()?.is_some());
    drop(here);
    assert!(there.wait_until(far)?);
    assert!(there.receive()?.is_none());
    Ok(())
}

#[test]
fn a_marker_holds_what_was_stored_last_also_when_who_stored_it_is_gone() -> io::Result<()> {
    let _alone = alone();
    let before = descriptors();
    let (reader, descriptor) = Marker::new(u64::MAX)?;
    let writer = Marker::open(descriptor)?;
    assert_eq!(writer.get(), u64::MAX);
    writer.set(7);
    drop(writer);
    assert_eq!(reader.get(), 7);
    assert_eq!(descriptors(), before, "a mapping needs no descriptor");
    let (end, _) = Channel::pair()?;
    assert!(Marker::open(end.into()).is_err(), "a socket is no marker");
    Ok(())
}

#[test]
fn a_wait_also_ends_with_the_process_at_the_other_end() -> io::Result<()> {
    let _alone = alone();
    let (here, there) = Channel::pair()?;
    let mut child = std::process::Command::new("sleep").arg("60").spawn()?;
    let peer = Process::open(child.id())?;
    assert_eq!(here.wait_with(&peer, Some(Instant::now()))?, Ready::Late);
    there.send(&[Outgoing::default()])?;
    assert_eq!(here.wait_with(&peer, None)?, Ready::Message);
    here.receive()?;
    peer.kill();
    peer.wait()?;
    assert_eq!(here.wait_with(&peer, None)?, Ready::Gone);
    child.wait()?;
    peer.kill();
    drop(there);
    Ok(())
}

/// Sends buffers, each in a parcel of its own, and receives them at the other end.
fn pass(from: &Channel, to: &Channel, buffers: &[Outside<'_>]) -> io::Result<Vec<Buffer>> {
    let parcels = buffers.chunks(1).map(|buffers| Outgoing { buffers, ..Outgoing::default() });
    from.send(&parcels.collect::<Vec<_>>())?;
    let parcels = to.receive()?.expect("the sender is there");
    Ok(parcels.into_iter().flat_map(|parcel| parcel.buffers).collect())
}

/// Which file these bytes are mapped from.
fn inode(bytes: &Buffer) -> String {
    let address = bytes.as_ref().as_ptr().addr();
    let maps = std::fs::read_to_string("/proc/self/maps").expect("proc is there");
    let holds = |line: &&str| {
        let (start, end) = line.split(' ').next().and_then(|range| range.split_once('-'))?;
        let number = |digits| usize::from_str_radix(digits, 16).ok();
        Some((number(start)?..number(end)?).contains(&address))
    };
    let line = maps.lines().find(|line| holds(line) == Some(true)).expect("it is mapped");
    line.split_ascii_whitespace().nth(4).expect("an inode").to_owned()
}

const LARGE: usize = 200_000;

#[test]
fn both_ends_may_send_long_messages_at_one_time() -> io::Result<()> {
    let _alone = alone();
    let (here, there) = Channel::pair()?;
    let bytes = vec![1; 3_000_000];
    let exchange = |channel: &Channel| -> io::Result<()> {
        let parcel = Outgoing { bytes: &[&bytes], ..Outgoing::default() };
        for _ in 0..3 {
            channel.send(&[parcel])?;
        }
        for _ in 0..3 {
            let parcels = channel.receive()?.expect("the other end is there");
            assert_eq!(parcels[0].bytes.as_ref(), bytes);
        }
        Ok(())
    };
    thread::scope(|scope| {
        let other = scope.spawn(|| exchange(&there));
        exchange(&here)?;
        other.join().expect("no panic")
    })
}

#[test]
fn what_is_sent_twice_in_a_message_is_written_once() -> io::Result<()> {
    let _alone = alone();
    let (here, there) = Channel::pair()?;
    let bytes = vec![5; LARGE];
    let buffers = pass(&here, &there, &[Outside::Bytes(&bytes), Outside::Bytes(&bytes)])?;
    assert_eq!(buffers[0].as_ref().as_ptr(), buffers[1].as_ref().as_ptr());
    assert_eq!(buffers[1].as_ref(), bytes);
    Ok(())
}

#[test]
fn a_buffer_that_arrived_goes_back_and_further_without_a_copy() -> io::Result<()> {
    let _alone = alone();
    let (first, second) = Channel::pair()?;
    let (third, fourth) = Channel::pair()?;
    let bytes: Vec<_> = (0..LARGE).map(|i| (i % 251) as u8).collect();
    let there = pass(&first, &second, &[Outside::Bytes(&bytes)])?.remove(0);
    let part = there.within(&there.as_ref()[1_000..150_000]).expect("it is a part of it");
    assert!(there.within(&bytes).is_none());
    let back = pass(&second, &first, &[Outside::Buffer(&part)])?.remove(0);
    let further = pass(&third, &fourth, &[Outside::Buffer(&part)])?.remove(0);
    let onward = pass(&third, &fourth, &[Outside::Buffer(&back)])?.remove(0);
    drop((second, third, there, part));
    for buffer in [&back, &further, &onward] {
        assert_eq!(buffer.as_ref(), &bytes[1_000..150_000]);
        assert_eq!(inode(buffer), inode(&back));
    }
    Ok(())
}

#[test]
fn memory_is_used_again_when_nobody_looks_at_it_and_not_before() -> io::Result<()> {
    let _alone = alone();
    let (here, there) = Channel::pair()?;
    let send = |byte| pass(&here, &there, &[Outside::Bytes(&vec![byte; LARGE])]);
    let kept = send(1)?.remove(0);
    let other = send(2)?.remove(0);
    let gone = inode(&other);
    assert_ne!(gone, inode(&kept));
    drop(other);
    // Given back with the next message, and used for the next after that.
    there.send(&[Outgoing::default()])?;
    here.receive()?;
    let again = send(3)?.remove(0);
    assert_eq!(inode(&again), gone);
    assert_eq!(again.as_ref(), vec![3; LARGE]);
    assert_eq!(kept.as_ref(), vec![1; LARGE]);
    // A fork of this process might look at it for ever.
    note_fork();
    drop(again);
    there.send(&[Outgoing::default()])?;
    here.receive()?;
    assert_ne!(inode(&send(4)?.remove(0)), gone);
    Ok(())
}

#[test]
fn a_segment_that_is_lent_to_two_is_not_used_again_before_both_are_done() -> io::Result<()> {
    let _alone = alone();
    let (first, second) = Channel::pair()?;
    let (third, fourth) = Channel::pair()?;
    let there = pass(&first, &second, &[Outside::Bytes(&vec![1; LARGE])])?.remove(0);
    let further = pass(&third, &fourth, &[Outside::Buffer(&there)])?.remove(0);
    drop(there);
    second.send(&[Outgoing::default()])?;
    first.receive()?;
    let other = pass(&first, &second, &[Outside::Bytes(&vec![2; LARGE])])?.remove(0);
    assert_eq!(further.as_ref(), vec![1; LARGE]);
    let inode_of_both = inode(&further);
    assert_ne!(inode(&other), inode_of_both);
    drop(further);
    // It comes back over both connections.
    fourth.send(&[Outgoing::default()])?;
    third.receive()?;
    second.send(&[Outgoing::default()])?;
    first.receive()?;
    let again = pass(&first, &second, &[Outside::Bytes(&vec![3; LARGE])])?.remove(0);
    assert_eq!(inode(&again), inode_of_both);
    Ok(())
}

#[test]
fn many_segments_need_few_descriptors() -> io::Result<()> {
    let _alone = alone();
    let (here, there) = Channel::pair()?;
    let before = descriptors();
    let bytes: Vec<_> = (0..600).map(|i| vec![i as u8; 70_000]).collect();
    let outside: Vec<_> = bytes.iter().map(|bytes| Outside::Bytes(bytes)).collect();
    let mut buffers = Vec::new();
    for outside in outside.chunks(300) {
        buffers.extend(pass(&here, &there, outside)?);
    }
    drop((here, there));
    assert!(descriptors() < before + 150, "{} descriptors", descriptors() - before);
    assert!(buffers.iter().map(AsRef::as_ref).eq(bytes.iter().map(Vec::as_slice)));
    drop(buffers);
    assert!(descriptors() <= before);
    Ok(())
}

#[test]
fn spare_memory_is_freed_when_nothing_comes_for_a_while() -> io::Result<()> {
    let _alone = alone();
    let (here, there) = Channel::pair()?;
    let before = descriptors();
    drop(pass(&here, &there, &[Outside::Bytes(&vec![1; LARGE])])?);
    there.send(&[Outgoing::default()])?;
    here.receive()?;
    assert!(descriptors() > before);
    thread::scope(|scope| {
        let waiting = scope.spawn(|| here.receive());
        let deadline = Instant::now() + Duration::from_secs(20);
        while descriptors() > before {
            assert!(Instant::now() < deadline, "it is kept");
            thread::sleep(Duration::from_millis(10));
        }
        there.send(&[Outgoing::default()])?;
        waiting.join().expect("no panic").map(drop)
    })
}
