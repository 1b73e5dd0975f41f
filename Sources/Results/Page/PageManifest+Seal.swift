import Files
import JSONText

/// A manifest as it stands in a page, with the digests that bind the two together.
struct SealedManifest {
  /// The whole JSON object.
  let json: JSONObject
  /// SHA-256 of the page around the manifest.
  let surroundings: SHA256Digest
}

extension PageManifest {
  private static let opening = #"<script type="application/json" id="layerbook-manifest">"#
  private static let closing = "</script>"

  /// The empty element that a page must contain once, where its manifest is to stand.
  public static let placeholder = opening + closing

  /// Puts the manifest into a page's placeholder.
  ///
  /// The page stays well-formed as XML and the text inert, whatever the manifest quotes: `<`, `>` and `&` are escaped.
  ///
  /// - Throws: `ManifestError` where the page has no placeholder, or more than one.
  public func seal(page: [UInt8]) throws(ManifestError) -> [UInt8] {
    let content = try PageManifest.contentRange(page)
    guard content.isEmpty else { throw ManifestError(description: "the page has a manifest already") }
    var object = json
    object["page_sha256"] = .string(sha256(page).hex)
    object["manifest_sha256"] = .string(PageManifest.digest(of: object).hex)
    let text = PageManifest.inert(Array(JSON.write(.object(object)).utf8))
    return page[..<content.lowerBound] + text + page[content.upperBound...]
  }

  /// SHA-256 of a manifest's compact text without the member that states it.
  static func digest(of object: JSONObject) -> SHA256Digest {
    var object = object
    object["manifest_sha256"] = nil
    return sha256(Array(JSON.write(.object(object)).utf8))
  }

  /// The manifest of a page; digests are not checked here (see `verify(page:)`).
  ///
  /// - Throws: `ManifestError` where there is none, or it cannot be read.
  public init(page: [UInt8]) throws(ManifestError) {
    try self.init(json: .object(PageManifest.sealed(in: page).json))
  }

  static func sealed(in page: [UInt8]) throws(ManifestError) -> SealedManifest {
    let content = try contentRange(page)
    let json: JSONValue
    do throws(JSONError) { json = try JSON.parse(Array(page[content])) } catch {
      throw ManifestError(description: "the page's manifest is no JSON: \(error)")
    }
    guard let object = json.objectValue else {
      throw ManifestError(description: "the page's manifest is no JSON object")
    }
    return SealedManifest(
      json: object, surroundings: sha256(Array(page[..<content.lowerBound] + page[content.upperBound...])))
  }

  /// The page without its manifest's text.
  ///
  /// - Throws: `ManifestError` where there is no manifest, or more than one.
  public static func surroundings(of page: [UInt8]) throws(ManifestError) -> [UInt8] {
    let content = try contentRange(page)
    return Array(page[..<content.lowerBound] + page[content.upperBound...])
  }

  /// Where the manifest's text stands in the page.
  private static func contentRange(_ page: [UInt8]) throws(ManifestError) -> Range<Int> {
    let starts = places(of: Array(opening.utf8), in: page)
    guard let start = starts.first, starts.count == 1 else {
      throw ManifestError(
        description: starts.isEmpty
          ? "the page has no manifest" : "the page has \(starts.count) manifests, expected one")
    }
    let lower = start + opening.utf8.count
    guard let end = places(of: Array(closing.utf8), in: Array(page[lower...])).first else {
      throw ManifestError(description: "the page's manifest has no end")
    }
    return lower..<lower + end
  }

  private static func places(of needle: [UInt8], in bytes: [UInt8]) -> [Int] {
    var places: [Int] = []
    for place in bytes.indices where bytes[place] == needle[0] {
      if bytes[place...].starts(with: needle) { places.append(place) }
    }
    return places
  }

  /// JSON text without the characters that HTML or XML would read as markup or refuse; it stands for the same value.
  ///
  /// Escaped are `<`, `>`, `&`, the control characters from U+007F to U+009F, the line separators U+2028 and U+2029, and
  /// the two code points U+FFFE and U+FFFF that XML has not.
  static func inert(_ json: [UInt8]) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(json.count + json.count / 8)
    var place = 0
    while place < json.count {
      let byte = json[place]
      guard PageManifest.mayNeedEscape[Int(byte)], let escape = escape(of: json[place...].prefix(3)) else {
        text.append(byte)
        place += 1
        continue
      }
      text += Array(escape.text.utf8)
      place += escape.length
    }
    return text
  }

  /// Whether a character that needs an escape may begin with this byte.
  private static let mayNeedEscape = (0..<256).map { [0x26, 0x3C, 0x3E, 0x7F, 0xC2, 0xE2, 0xEF].contains($0) }

  /// The escape for the character that `bytes` begins with and its length there; nil where it needs none.
  private static func escape(of bytes: ArraySlice<UInt8>) -> (text: String, length: Int)? {
    switch (bytes.first ?? 0, Array(bytes.dropFirst())) {
    case (0x26, _): return ("\\u0026", 1)
    case (0x3C, _): return ("\\u003c", 1)
    case (0x3E, _): return ("\\u003e", 1)
    case (0x7F, _): return ("\\u007f", 1)
    case (0xE2, [0x80, 0xA8]): return ("\\u2028", 3)
    case (0xE2, [0x80, 0xA9]): return ("\\u2029", 3)
    case (0xEF, [0xBF, 0xBE]): return ("\\ufffe", 3)
    case (0xEF, [0xBF, 0xBF]): return ("\\uffff", 3)
    case (0xC2, let rest) where rest.first ?? 0xFF < 0xA0: return ("\\u00" + String(rest[0], radix: 16), 2)
    default: return nil
    }
  }
}
