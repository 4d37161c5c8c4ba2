//! The fast interpreter: plays one member at a time over compact columns.
