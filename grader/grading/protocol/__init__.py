"""What judge and worker both speak: frames, the codec, plans, transcripts, plain data."""
