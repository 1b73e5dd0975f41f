import Foundation
import Images
import Testing

/// Images of an author: what is embedded, what is refused, what is left of an SVG.
struct EmbeddedImageTests {
  private func svg(_ inner: String, root: String = "") -> [UInt8] {
    Array("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 40 20\"\(root)>\(inner)</svg>".utf8)
  }

  private func left(of inner: String) throws -> String {
    String(decoding: try EmbeddedImage(svg(inner)).bytes, as: UTF8.self)
      .replacing("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 40 20\">", with: "")
      .replacing("</svg>", with: "")
  }

  private func refusal(_ bytes: [UInt8]) -> String? {
    do throws(ImageError) {
      _ = try EmbeddedImage(bytes)
      return nil
    } catch { return error.message }
  }

  /// The 1 × 1 PNG, GIF and WebP that are handed around.
  private let png =
    Data(
      base64Encoded:
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==") ?? Data()
  private let gif = Data(base64Encoded: "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7") ?? Data()
  private let webp = Data(base64Encoded: "UklGRiQAAABXRUJQVlA4IBgAAAAwAQCdASoBAAEAAwA0JaQAA3AA/vuUAAA=") ?? Data()

  @Test func rasterImagesAreEmbeddedAsTheyAre() throws {
    let image = try EmbeddedImage([UInt8](png))
    #expect(image.mediaType == "image/png")
    #expect(image.bytes == [UInt8](png))
    #expect(image.size?.width == 1 && image.size?.height == 1)
    #expect(image.address == "data:image/png;base64," + png.base64EncodedString())
    #expect(EmbeddedImage.bytes(ofAddress: image.address) == [UInt8](png))
    let picture = try EmbeddedImage([UInt8](webp))
    #expect(picture.mediaType == "image/webp" && picture.size?.width == 1 && picture.size?.height == 1)
    // SOI, an APP0 segment of two bytes, a baseline frame 3 wide and 2 high.
    let jpeg: [UInt8] = [
      0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 1, 0xFF, 0xC0, 0, 11, 8, 0, 2, 0, 3, 1, 1, 0x11, 0, 0xFF, 0xD9,
    ]
    let photo = try EmbeddedImage(jpeg)
    #expect(photo.mediaType == "image/jpeg" && photo.size?.width == 3 && photo.size?.height == 2)
  }

  @Test func otherFormatsAndDamageAreRefusedByName() {
    #expect(refusal([UInt8](gif))?.contains("GIF") == true)
    #expect(refusal(Array("%PDF-1.7 …".utf8))?.contains("PDF") == true)
    #expect(refusal(Array([UInt8](png).prefix(20)))?.contains("damaged") == true)
    #expect(refusal([0, 1, 2, 3])?.contains("no image that is known") == true)
    #expect(refusal([])?.isEmpty == false)
    #expect(refusal([UInt8](repeating: 0x20, count: EmbeddedImage.largest + 1))?.contains("1024 kB") == true)
  }

  @Test(arguments: [
    ("<script>alert(1)</script><path d=\"M0 0\"/>", "<path d=\"M0 0\"/>"),
    ("<path d='M0 0' onclick='x()' ONLOAD=\"y\"/>", "<path d=\"M0 0\"/>"),
    ("<foreignObject><p>x</p></foreignObject>", ""),
    ("<a href=\"https://x.org\"><text x=\"1\">hi</text></a>", "<text x=\"1\">hi</text>"),
    ("<image href=\"https://x.org/a.png\" width=\"3\"/>", "<image width=\"3\"/>"),
    ("<image xlink:href=\"data:image/png;base64,AA==\"/>", "<image href=\"data:image/png;base64,AA==\"/>"),
    ("<image href=\"data:image/svg+xml;base64,AA==\"/>", "<image/>"),
    ("<use xlink:href=\"#a\"/><use href=\"other.svg#a\"/>", "<use href=\"#a\"/><use/>"),
    ("<rect fill=\"url(#g)\" stroke=\"url(http://x.org)\"/>", "<rect fill=\"url(#g)\"/>"),
    ("<style>@import 'http://x.org';</style><style>.a{fill:red}</style>", "<style></style><style>.a{fill:red}</style>"),
    ("<style>.a{fill:u\\72l(http://x.org)}</style>", "<style></style>"),
    ("<metadata><rdf:RDF/></metadata><!-- x --><?php y?><g/>", "<g/>"),
    ("<text>a &lt; b &#x26; c</text>", "<text>a &lt; b &amp; c</text>"),
    ("<animate attributeName=\"href\" to=\"javascript:x\"/><set/>", ""),
    ("<rect style=\"fill:red\" inkscape:label=\"x\" class=\"b\"/>", "<rect style=\"fill:red\" class=\"b\"/>"),
  ])
  func onlyShapesTextAndPaintsStay(inner: String, expected: String) throws {
    #expect(try left(of: inner) == expected)
    let once = try EmbeddedImage(svg(inner))
    #expect(try EmbeddedImage(once.bytes).bytes == once.bytes)
  }

  @Test func whatWasLeftOutIsSaid() throws {
    #expect(try EmbeddedImage(svg("<script/><g onclick=\"x\"/>")).leftOut == ["<script>", "onclick"])
    #expect(try EmbeddedImage(svg("<g/>")).leftOut.isEmpty)
    let sized = try EmbeddedImage(svg("", root: " width=\"30pt\" height=\"20\""))
    #expect(sized.size?.width == 40 && sized.size?.height == 20)
  }

  @Test(arguments: [
    "<svg xmlns=\"http://www.w3.org/2000/svg\"><g></svg>",
    "<svg xmlns=\"http://www.w3.org/2000/svg\">&nbsp;</svg>",
    "<svg xmlns=\"http://www.w3.org/2000/svg\"><g a=\"1\" a=\"2\"/></svg>",
    "<svg xmlns=\"http://www.w3.org/2000/svg\"><g a=\"<\"/></svg>",
    "<svg xmlns=\"http://www.w3.org/2000/svg\"><g a=1/></svg>",
    "<svg xmlns=\"http://www.w3.org/2000/svg\"/><svg/>",
    "<svg xmlns=\"http://www.w3.org/2000/svg\">",
    "<!DOCTYPE svg [<!ENTITY a \"b\">]><svg xmlns=\"http://www.w3.org/2000/svg\"/>",
    "<svg/>", "<html xmlns=\"http://www.w3.org/1999/xhtml\"/>", "plain text",
  ])
  func whatIsNoStrictSVGIsRefused(text: String) {
    #expect(refusal(Array(text.utf8)) != nil)
  }

  @Test func hostileFilesEndInTime() {
    let deep = String(repeating: "<g>", count: 200_000)
    #expect(refusal(svg(deep))?.contains("nested") == true)
    #expect(refusal(svg(String(repeating: "<g/>", count: 150_000)))?.contains("100000 elements") == true)
    #expect(refusal(svg(String(repeating: "<!--", count: 100_000))) != nil)
    // Bytes cut and changed at random places end in an image or a refusal, never in a trap.
    let whole = svg("<g transform=\"scale(2)\"><text x=\"1\">a &amp; b</text><style>.a{}</style></g>")
    for cut in 0..<whole.count {
      _ = refusal(Array(whole.prefix(cut)))
      var changed = whole
      changed[cut] = UInt8(truncatingIfNeeded: cut &* 37)
      _ = refusal(changed)
    }
    for cut in 0..<png.count { _ = refusal([UInt8](png.prefix(cut))) }
    for cut in 0..<webp.count { _ = refusal([UInt8](webp.prefix(cut))) }
  }
}
