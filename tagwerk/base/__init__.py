"""Words all rooms share: money, errors, events, ids; no business."""
