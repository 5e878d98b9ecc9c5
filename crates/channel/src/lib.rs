//! Parcels between processes: bytes through a socket, large buffers through shared memory.
//!
//! A [`Channel`] is one end of a Unix socket. A message is a list of [`Parcel`]s, each some bytes and
//! some buffers. Small buffers travel in the stream; large ones are written once into anonymous shared
//! memory (`memfd_create`), and its descriptor travels beside the stream (`SCM_RIGHTS`). The other end
//! maps it: no second copy, and no name in any file system, so that whatever dies, nothing is left
//! behind: the kernel frees a segment with its last descriptor and mapping. Memory that both ends are
//! done with is used again, and a buffer that arrived is sent on without a copy.
//!
//! ```
//! use channel::{Channel, Outgoing, Outside};
//!
//! let (here, there) = Channel::pair()?;
//! let large = vec![7; 1 << 20];
//! here.send(&[Outgoing {
//!     kind: 1,
//!     tag: 42,
//!     bytes: &[b"small"],
//!     buffers: &[Outside::Bytes(&large)],
//!     ..Outgoing::default()
//! }])?;
//! let parcels = there.receive()?.expect("the other end is open");
//! assert_eq!((parcels[0].kind, parcels[0].tag, parcels[0].bytes.as_ref()), (1, 42, &b"small"[..]));
//! assert_eq!(parcels[0].buffers[0].as_ref(), large);
//! drop(here);
//! assert!(there.receive()?.is_none());
//! # Ok::<(), std::io::Error>(())
//! ```

mod channel;
mod loans;
mod marker;
mod packing;
mod process;
mod segment;
mod wait;
mod wire;

pub use channel::{Channel, Ready};
pub use marker::Marker;
pub use process::Process;
pub use segment::{Buffer, Spares, note_fork};
pub use wire::{Outgoing, Outside, Parcel};
