"""Talking to addresses that customers typed in, without being led to what is none of their business."""
