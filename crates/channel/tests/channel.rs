//! What goes in at one end comes out at the other, and nothing stays behind.

use channel::{Channel, Marker, Outgoing, Process, Ready};
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
            let parcel = Outgoing {
                kind: 3,
                tag: tag as u64,
                nanoseconds: size as u64,
                bytes: &bytes,
                buffers: &buffers,
            };
            here.send(&[parcel, Outgoing { bytes: b"", buffers: &[], ..parcel }])?;
        }
        Ok(())
    });
    for (tag, size) in sizes.into_iter().enumerate() {
        let parcels = there.receive()?.expect("the sender is there");
        assert_eq!(parcels.len(), 2);
        assert!(parcels.iter().all(|parcel| (parcel.kind, parcel.tag) == (3, tag as u64)));
        assert_eq!(parcels[0].nanoseconds, size as u64);
        assert_eq!(parcels[0].bytes, fill(size));
        let buffers: Vec<_> = parcels[0].buffers.iter().map(AsRef::as_ref).collect();
        assert_eq!(buffers, [&fill(size + 1)[..], &[], &fill(size)]);
        assert!(parcels[1].bytes.is_empty() && parcels[1].buffers.is_empty());
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
        let parcel = |bytes| Outgoing { bytes, ..Outgoing::default() };
        here.send(&sent.iter().map(Vec::as_slice).map(parcel).collect::<Vec<_>>())
    });
    let parcels = there.receive()?.expect("the sender is there");
    assert!(parcels.iter().map(|parcel| &parcel.bytes).eq(&bytes));
    sender.join().expect("no panic")
}

#[test]
fn segments_are_aligned_and_live_as_long_as_their_buffers() -> io::Result<()> {
    let _alone = alone();
    let (here, there) = Channel::pair()?;
    let before = descriptors();
    let large: Vec<_> = (0..3_u8).map(|byte| vec![byte; 100_001]).collect();
    let buffers: Vec<&[u8]> = large.iter().map(Vec::as_slice).collect();
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
    let parcel = Outgoing { bytes: b"take this", ..Outgoing::default() };
    here.send_descriptors(&[parcel], &[far.as_fd()])?;
    drop(far);
    let (_, mut descriptors) = there.receive_descriptors()?.expect("the sender is there");
    assert_eq!(descriptors.len(), 1);
    let far = Channel::from(descriptors.remove(0));
    far.send(&[parcel])?;
    assert_eq!(near.receive()?.expect("the far end is there")[0].bytes, b"take this");
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
    let parcel = Outgoing { bytes: b"x", ..Outgoing::default() };
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
