import Foundation

/// An image of an author's, fit to stand inside a page.
public struct EmbeddedImage: Sendable {
  /// The media type, such as `image/png`.
  public let mediaType: String
  /// What is embedded: the file as it is, or what is left of an SVG.
  public let bytes: [UInt8]
  /// Width and height in pixels, where the file says.
  public let size: (width: Int, height: Int)?
  /// What was left out of an SVG that a reader would have seen or that would have done something.
  public let leftOut: [String]

  /// The most bytes of a file.
  public static let largest = 1 << 20

  /// Reads an image; what it is follows from its first bytes, not from its name.
  ///
  /// - Throws: `ImageError` where it is none of the known kinds, too large or damaged.
  public init(_ file: [UInt8]) throws(ImageError) {
    guard file.count <= Self.largest else {
      throw ImageError(
        "has \(file.count / 1024) kB; at most \(Self.largest / 1024) kB are embedded in a page",
        hint: "make it smaller, or link to it")
    }
    if let kind = RasterKind.allCases.first(where: { $0.matches(file) }) {
      guard let type = kind.mediaType else {
        throw ImageError("is \(kind.name); PNG, JPEG, WebP and SVG are embedded", hint: kind.advice)
      }
      guard let size = RasterSize.read(file, kind) else { throw ImageError("is a damaged \(kind.name) file") }
      (mediaType, bytes, self.size, leftOut) = (type, file, size, [])
      return
    }
    guard RasterKind.isText(file) else {
      throw ImageError("is no image that is known: PNG, JPEG, WebP and SVG are embedded")
    }
    var reader = SVGReader(file)
    let svg = try reader.read()
    (mediaType, bytes, size, leftOut) = ("image/svg+xml", svg, reader.size, reader.leftOut)
  }

  /// The bytes as a `data:` address.
  public var address: String { "data:\(mediaType);base64,\(Data(bytes).base64EncodedString())" }

  /// The bytes of a `data:` address that `address` has written; nil for any other.
  public static func bytes(ofAddress address: some StringProtocol) -> [UInt8]? {
    guard address.hasPrefix("data:image/"), let range = address.firstRange(of: ";base64,"),
      let data = Data(base64Encoded: String(address[range.upperBound...]))
    else { return nil }
    return [UInt8](data)
  }
}

/// Why a file is no image for a page; the message continues a sentence that begins with the file's name.
public struct ImageError: Error, Sendable, Equatable {
  public let message: String
  public let hint: String?

  init(_ message: String, hint: String? = nil) { (self.message, self.hint) = (message, hint) }
}
