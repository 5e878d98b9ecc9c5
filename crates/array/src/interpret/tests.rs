//! The interpreter against plain definitions.
