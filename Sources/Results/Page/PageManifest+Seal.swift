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
    object["manifest_sha256"] = .string(valueDigest(of: .object(object)).hex)
    let text = PageManifest.inert(JSON.write(.object(object)))
    return page[..<content.lowerBound] + Array(text.utf8) + page[content.upperBound...]
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
    guard bytes.count >= needle.count else { return [] }
    return (0...bytes.count - needle.count).filter { place in
      bytes[place] == needle[0] && bytes[place..<place + needle.count].elementsEqual(needle)
    }
  }

  /// JSON text without the characters that HTML or XML would read as markup or refuse; it stands for the same value.
  static func inert(_ json: String) -> String {
    var text = ""
    for scalar in json.unicodeScalars {
      switch scalar.value {
      case 0x3C, 0x3E, 0x26, 0x7F...0x9F, 0x2028, 0x2029, 0xFFFE, 0xFFFF:
        let digits = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text
  }
}
