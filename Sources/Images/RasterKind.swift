/// Raster formats by the bytes their files begin with.
enum RasterKind: CaseIterable {
  case png
  case jpeg
  case webp
  case gif
  case bmp
  case tiff
  case avif
  case pdf

  /// The media type of those that are embedded.
  var mediaType: String? {
    switch self {
    case .png: "image/png"
    case .jpeg: "image/jpeg"
    case .webp: "image/webp"
    case .gif, .bmp, .tiff, .avif, .pdf: nil
    }
  }

  var name: String {
    switch self {
    case .png: "PNG"
    case .jpeg: "JPEG"
    case .webp: "WebP"
    case .gif: "a GIF file"
    case .bmp: "a BMP file"
    case .tiff: "a TIFF file"
    case .avif: "an AVIF or HEIC file"
    case .pdf: "a PDF file"
    }
  }

  /// How it becomes one that is embedded.
  var advice: String {
    self == .pdf ? "convert it: pdftocairo -svg FILE.pdf FILE.svg" : "convert it: magick FILE FILE.png"
  }

  func matches(_ bytes: [UInt8]) -> Bool {
    func has(_ text: String, at place: Int = 0) -> Bool { bytes.dropFirst(place).starts(with: text.utf8) }
    return switch self {
    case .png: bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
    case .jpeg: bytes.starts(with: [0xFF, 0xD8, 0xFF])
    case .webp: has("RIFF") && has("WEBP", at: 8)
    case .gif: has("GIF8")
    case .bmp: has("BM") && !Self.isText(bytes)
    case .tiff: bytes.starts(with: [0x49, 0x49, 0x2A, 0x00]) || bytes.starts(with: [0x4D, 0x4D, 0x00, 0x2A])
    case .avif: has("ftyp", at: 4)
    case .pdf: has("%PDF-")
    }
  }

  /// Whether a file may be text: it holds no NUL.
  static func isText(_ bytes: [UInt8]) -> Bool { !bytes.prefix(4096).contains(0) }
}

/// The size that a raster image's header states.
enum RasterSize {
  /// Width and height in pixels; nil where the header is damaged.
  static func read(_ bytes: [UInt8], _ kind: RasterKind) -> (width: Int, height: Int)? {
    let size =
      switch kind {
      case .png: png(bytes)
      case .jpeg: jpeg(bytes)
      case .webp: webp(bytes)
      default: nil as (width: Int, height: Int)?
      }
    guard let size, size.width > 0, size.height > 0 else { return nil }
    return size
  }

  /// PNG (ISO/IEC 15948, 11.2.2): the first chunk is IHDR.
  private static func png(_ bytes: [UInt8]) -> (width: Int, height: Int)? {
    guard bytes.count >= 33, bytes[12..<16].elementsEqual("IHDR".utf8) else { return nil }
    return (big(bytes, 16, 4), big(bytes, 20, 4))
  }

  /// JPEG (ITU-T T.81, B.2.2): the first frame header.
  private static func jpeg(_ bytes: [UInt8]) -> (width: Int, height: Int)? {
    var place = 2
    while place + 9 < bytes.count {
      guard bytes[place] == 0xFF else { return nil }
      let marker = bytes[place + 1]
      switch marker {
      case 0xFF: place += 1
      case 0x01, 0xD0...0xD7: place += 2
      case 0xC0...0xC3, 0xC5...0xC7, 0xC9...0xCB, 0xCD...0xCF:
        return (big(bytes, place + 7, 2), big(bytes, place + 5, 2))
      case 0xD9, 0xDA: return nil
      default: place += 2 + max(2, big(bytes, place + 2, 2))
      }
    }
    return nil
  }

  /// WebP (RFC 9649, 2.5 to 2.7): the first chunk is `VP8 `, `VP8L` or `VP8X`.
  private static func webp(_ bytes: [UInt8]) -> (width: Int, height: Int)? {
    guard bytes.count >= 30 else { return nil }
    if bytes[12..<16].elementsEqual("VP8X".utf8) { return (little(bytes, 24, 3) + 1, little(bytes, 27, 3) + 1) }
    if bytes[12..<16].elementsEqual("VP8L".utf8), bytes[20] == 0x2F {
      let bits = little(bytes, 21, 4)
      return ((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
    }
    guard bytes[12..<16].elementsEqual("VP8 ".utf8), bytes[23..<26].elementsEqual([0x9D, 0x01, 0x2A]) else {
      return nil
    }
    return (little(bytes, 26, 2) & 0x3FFF, little(bytes, 28, 2) & 0x3FFF)
  }

  private static func big(_ bytes: [UInt8], _ place: Int, _ count: Int) -> Int {
    bytes[place..<place + count].reduce(0) { $0 << 8 | Int($1) }
  }

  private static func little(_ bytes: [UInt8], _ place: Int, _ count: Int) -> Int {
    bytes[place..<place + count].reversed().reduce(0) { $0 << 8 | Int($1) }
  }
}
