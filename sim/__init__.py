"""That hardware and golden model agree: tool chain, benches, native runner."""
