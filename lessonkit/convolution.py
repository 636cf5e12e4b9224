"""Convolution as networks compute it: slide a small kernel over the picture, multiply and sum.

Strictly speaking this is correlation, as the kernel is not flipped; frameworks call it convolution.
Pictures are (H, W), batches (N, C, H, W): images, channels, height, width. Kernels are (kh, kw) or
(O, C, kh, kw): output channels, input channels, height, width.
"""

import numpy as np

from lessonkit._arrays import check_size, float_array, shape_of, whole_numbers


@np.errstate(all="ignore")
def correlate2d(image, kernel, stride=1, padding=0):
    """Return the image seen through the kernel at every place.

    result[n, o, i, j] = Σ over c, a, b of kernel[o, c, a, b] · padded[n, c, i·stride + a,
    j·stride + b], where padded is the image with `padding` zeros on every side.

    image: (H, W) or (N, C, H, W); kernel: (kh, kw) or (O, C, kh, kw), at most the padded image.
    stride >= 1 and padding >= 0: whole numbers, or (rows, columns).

    Returns a new array, (oh, ow) or (N, O, oh, ow), with oh = ⌊(H + 2·padding − kh) / stride⌋ + 1
    and ow likewise. Floats keep their dtype, the wider one if there are two; integers and booleans
    become float64. Along the way it needs up to kh·kw times the memory of the image.

    Raises TypeError for numbers that are not real and sizes that are not whole, ValueError for
    shapes that do not fit each other.

    Source: an earlier part of the course; LeCun et al., Gradient-based learning, 1998.

    >>> correlate2d([[1, 2, 3], [4, 5, 6]], [[1, 0], [0, -1]])
    array([[-4., -4.]])
    """
    image, kernel, stride, padding = _checked(image, kernel, stride, padding)
    images, kernels = _with_channels(image), _with_channels(kernel)
    windows = _windows(_pad(images, padding), kernels, stride)
    result = _flat(kernels) @ _columns(windows)  # the sum over c, a and b, image by image
    result = result.reshape(len(images), len(kernels), *windows.shape[2:4])
    return result if image.ndim == 4 else result[0, 0]


@np.errstate(all="ignore")
def correlate2d_backward(grad_output, image, kernel, stride=1, padding=0):
    """Return (grad_image, grad_kernel): the gradients of Σ grad_output · correlate2d(image, …).

    grad_kernel[o, c, a, b] = Σ over n, i, j of grad_output[n, o, i, j] · padded[n, c,
    i·stride + a, j·stride + b]; and each pixel of padded gets kernel[o, c, a, b] ·
    grad_output[n, o, i, j] from every result it contributed to. What falls on the padding is lost.

    grad_output: in the shape of correlate2d's result; the other arguments are those of correlate2d.
    Each gradient is a new array with the shape and the float dtype of what it belongs to.

    Raises what correlate2d raises, and ValueError for a grad_output of another shape.

    Source: the chain rule.

    >>> grad_image, grad_kernel = correlate2d_backward([[1]], [[1, 2], [3, 4]], [[5, 6], [7, 8]])
    >>> grad_image.tolist(), grad_kernel.tolist()
    ([[5.0, 6.0], [7.0, 8.0]], [[1.0, 2.0], [3.0, 4.0]])
    """
    image, kernel, stride, padding = _checked(image, kernel, stride, padding)
    images, kernels = _with_channels(image), _with_channels(kernel)
    padded = _pad(images, padding)
    windows = _windows(padded, kernels, stride)
    grad = _with_channels(_like_result(grad_output, image, kernels, windows))

    flat_grad = grad.reshape(*grad.shape[:2], np.prod(grad.shape[2:]))  # (N, O, oh · ow)
    grad_kernels = (flat_grad @ _columns(windows).swapaxes(1, 2)).sum(axis=0)  # over n, i and j

    grad_padded = np.zeros(padded.shape, grad_kernels.dtype)
    grad_windows = _windows(grad_padded, kernels, stride)  # a view: it writes into grad_padded
    for a, b in np.ndindex(kernels.shape[2:]):  # one by one, as windows overlap
        share = kernels[:, :, a, b].T @ flat_grad  # the sum over o
        grad_windows[..., a, b] += share.reshape(grad_windows.shape[:4])
    top, left = padding
    grad_images = grad_padded[:, :, top : top + images.shape[2], left : left + images.shape[3]]

    return _back_to(image, grad_images), _back_to(kernel, grad_kernels)


def _windows(padded, kernels, stride):
    """Return a view of padded, not a copy: windows[n, c, i, j, a, b] is
    padded[n, c, i · stride + a, j · stride + b]."""
    windows = np.lib.stride_tricks.sliding_window_view(
        padded, kernels.shape[2:], axis=(2, 3), writeable=True
    )
    return windows[:, :, :: stride[0], :: stride[1]]


def _columns(windows):
    """Return the windows side by side, each as a column: (N, C · kh · kw, oh · ow).

    So there is a product for each image. A larger one OpenBLAS would share among threads, which
    wait for each other where a core is busy: a training took twelve times as long there.
    """
    n, c, oh, ow, kh, kw = windows.shape
    return windows.transpose(0, 1, 4, 5, 2, 3).reshape(n, c * kh * kw, oh * ow)


def _flat(kernels):
    return kernels.reshape(len(kernels), -1)


def _pad(images, padding):
    (top, left), none = padding, (0, 0)
    return np.pad(images, (none, none, (top, top), (left, left)))  # a copy even without padding


def _with_channels(array):
    return array if array.ndim == 4 else array[np.newaxis, np.newaxis]


def _back_to(original, grad):
    return grad.reshape(original.shape).astype(original.dtype)


def _checked(image, kernel, stride, padding):
    image, kernel = float_array(image, "image"), float_array(kernel, "kernel")
    if (image.ndim, kernel.ndim) not in ((2, 2), (4, 4)):
        raise ValueError(
            "image and kernel must be (H, W) and (kh, kw), or (N, C, H, W) and (O, C, kh, kw); "
            f"got {shape_of(image)} and {shape_of(kernel)}"
        )
    if image.ndim == 4 and image.shape[1] != kernel.shape[1]:
        raise ValueError(
            f"kernel must have as many channels (axis 1) as image, {image.shape[1]}; "
            f"got {kernel.shape[1]}"
        )
    if kernel.size == 0:
        raise ValueError(f"kernel must have at least one number; got shape {kernel.shape}")
    stride = whole_numbers(stride, "stride", 1, 2)
    padding = whole_numbers(padding, "padding", 0, 2)
    padded = tuple(n + 2 * p for n, p in zip(image.shape[-2:], padding, strict=True))
    if any(k > n for k, n in zip(kernel.shape[-2:], padded, strict=True)):
        what = "the image with its padding" if any(padding) else "the image"
        raise ValueError(f"kernel must be at most {what}, {padded}; got {kernel.shape[-2:]}")
    if any(padding):
        check_size((*image.shape[:-2], *padded), "padding")
    return image, kernel, stride, padding


def _like_result(grad_output, image, kernels, windows):
    shape = windows.shape[2:4]
    if image.ndim == 4:
        shape = (image.shape[0], kernels.shape[0], *shape)
    return float_array(grad_output, "grad_output", shape, "that of the result")


def _filter(*rows):
    kernel = np.array(rows, dtype=np.float64)
    kernel.flags.writeable = False
    return kernel


# For pictures with values from 0 (black) to 1 (white).
FILTERS = {
    "identity": _filter([0, 0, 0], [0, 1, 0], [0, 0, 0]),
    # Sobel and Feldman, 1968: −4 … 4, positive where it gets brighter to the right, or downwards.
    "vertical edges": _filter([-1, 0, 1], [-2, 0, 2], [-1, 0, 1]),
    "horizontal edges": _filter([-1, -2, -1], [0, 0, 0], [1, 2, 1]),
    # The Laplacian with its sign flipped: −8 … 8, positive where a pixel outshines its neighbours.
    "outline": _filter([-1, -1, -1], [-1, 8, -1], [-1, -1, -1]),
    # Numbers that sum to 1 leave an even area as it is. The blur is close to a Gaussian, 0 … 1.
    "blur": _filter([1 / 16, 2 / 16, 1 / 16], [2 / 16, 4 / 16, 2 / 16], [1 / 16, 2 / 16, 1 / 16]),
    "sharpen": _filter([0, -1, 0], [-1, 5, -1], [0, -1, 0]),  # −4 … 5
    # Above the pixel's own value where the picture brightens to the bottom right, as if lit from
    # the top left: −4 … 5.
    "emboss": _filter([-2, -1, 0], [-1, 1, 1], [0, 1, 2]),
}
