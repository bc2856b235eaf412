"""Pictures and a video drawn by chance: soft clouds with shapes and grain on them, as busy as photographs."""

import io

import av
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

Pixels = npt.NDArray[np.uint8]


def drawn(chance: np.random.Generator, width: int, height: int) -> Pixels:
    """Return an RGB picture."""
    few = chance.integers(0, 256, (9, 12, 3), dtype=np.uint8)
    image = Image.fromarray(few).resize((width, height), Image.Resampling.BICUBIC)
    pen = ImageDraw.Draw(image)
    for _ in range(40):
        x, y = int(chance.integers(width)), int(chance.integers(height))
        side = int(chance.integers(width // 40 + 1, width // 6 + 2))
        red, green, blue = chance.integers(0, 256, 3).tolist()
        pen.ellipse((x, y, x + side, y + side * 2 // 3), fill=(red, green, blue))
    grain = chance.integers(-6, 7, (height, width, 1), dtype=np.int16)
    pixels: Pixels = np.clip(np.asarray(image).astype(np.int16) + grain, 0, 255).astype(np.uint8)
    return pixels


def as_jpeg(pixels: Pixels) -> bytes:
    """Return a JPEG as cameras and sites make them: quality 85, colours at half the resolution."""
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "JPEG", quality=85, subsampling="4:2:0")
    return file.getvalue()


def video(chance: np.random.Generator, width: int, height: int, seconds: int) -> bytes:
    """Return an MP4 of 30 frames a second: a window that moves over a drawn picture, another one every five seconds."""
    file = io.BytesIO()
    with av.open(file, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=30, options={"preset": "veryfast", "crf": "23"})
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        for number in range(30 * seconds):
            if number % 150 == 0:
                scene = drawn(chance, width + 300, height + 150)
            x, y = 2 * (number % 150), number % 150
            frame = np.ascontiguousarray(scene[y : y + height, x : x + width])
            container.mux(stream.encode(av.VideoFrame.from_ndarray(frame, format="rgb24")))
        container.mux(stream.encode())
    return file.getvalue()
