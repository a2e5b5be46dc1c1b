"""Vertebral column: disk hernia, spondylolisthesis or neither, from the shape of pelvis and lumbar spine."""
