import CPNG

/// Writes and reads PNG images with a colour table, through libpng's simplified interface.
///
/// That interface needs no `setjmp`, keeps no state beyond one `png_image`, and its write call allocates nothing that
/// outlives it; the only owner here is the caller's array.
package struct IndexedPNG {
  /// Columns and rows.
  package let width: Int
  package let height: Int
  /// Red, green, blue and alpha of every colour, at most 256 of them.
  package let palette: [UInt8]
  /// One index into the palette per pixel, row by row from the top.
  package let pixels: [UInt8]

  /// Makes an image; sizes must agree and every pixel must have a colour.
  package init(width: Int, height: Int, palette: [UInt8], pixels: [UInt8]) {
    precondition(width > 0 && height > 0 && pixels.count == width * height, "an image needs width × height pixels")
    precondition(palette.count % 4 == 0 && (4...1024).contains(palette.count), "a palette has 1 to 256 RGBA entries")
    precondition(pixels.allSatisfy { Int($0) * 4 < palette.count }, "every pixel needs a colour")
    self.width = width
    self.height = height
    self.palette = palette
    self.pixels = pixels
  }

  /// The image as the bytes of a PNG file; nil where libpng refuses, such as for absurd sizes.
  package func encoded() -> [UInt8]? {
    var image = png_image()
    image.version = png_uint_32(PNG_IMAGE_VERSION)
    image.width = png_uint_32(clamping: width)
    image.height = png_uint_32(clamping: height)
    image.format = png_uint_32(PNG_FORMAT_FLAG_COLOR | PNG_FORMAT_FLAG_ALPHA | PNG_FORMAT_FLAG_COLORMAP)
    image.colormap_entries = png_uint_32(palette.count / 4)
    defer { png_image_free(&image) }
    // The first call only asks for the size; the bound of an incompressible image with its chunks is always enough.
    var size = pixels.count + height + palette.count * 2 + pixels.count / 1000 + 1024
    var bytes = [UInt8](repeating: 0, count: size)
    let written = png_image_write_to_memory(&image, &bytes, &size, 0, pixels, png_int_32(clamping: width), palette)
    guard written != 0, size <= bytes.count else { return nil }
    return Array(bytes[..<size])
  }

  /// Reads any PNG file into red, green, blue and alpha per pixel, for tests; nil where it is no PNG.
  package static func decode(_ bytes: [UInt8]) -> (width: Int, height: Int, rgba: [UInt8])? {
    var image = png_image()
    image.version = png_uint_32(PNG_IMAGE_VERSION)
    defer { png_image_free(&image) }
    return bytes.withUnsafeBytes { buffer in
      guard png_image_begin_read_from_memory(&image, buffer.baseAddress, buffer.count) != 0 else { return nil }
      image.format = png_uint_32(PNG_FORMAT_FLAG_COLOR | PNG_FORMAT_FLAG_ALPHA)
      var rgba = [UInt8](repeating: 0, count: Int(image.width) * Int(image.height) * 4)
      guard png_image_finish_read(&image, nil, &rgba, 0, nil) != 0 else { return nil }
      return (Int(image.width), Int(image.height), rgba)
    }
  }
}
