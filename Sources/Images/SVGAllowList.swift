/// What of an SVG stays: shapes, text, paints and what they refer to inside the same file.
///
/// Names are those of SVG 1.1 and 2. Everything else goes: scripts, handlers, foreign content, animation, links,
/// addresses outside the file, and what editors keep for themselves.
enum SVGAllowList {
  static let elements: Set<String> = [
    "svg", "g", "defs", "symbol", "use", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text",
    "tspan", "textPath", "title", "desc", "linearGradient", "radialGradient", "stop", "clipPath", "mask", "pattern",
    "marker", "image", "style", "switch", "filter", "feGaussianBlur", "feOffset", "feBlend", "feColorMatrix",
    "feComposite", "feFlood", "feMerge", "feMergeNode",
  ]

  /// Elements that go without a word: they are never seen and do nothing.
  static let silent: Set<String> = ["metadata", "namedview", "page", "RDF", "Work"]

  static let attributes: Set<String> = Set(
    """
    id class style transform viewBox preserveAspectRatio version width height x y x1 y1 x2 y2 cx cy r rx ry d points \
    dx dy rotate textLength lengthAdjust startOffset offset href patternUnits patternContentUnits patternTransform \
    gradientUnits gradientTransform spreadMethod fx fy clipPathUnits maskUnits maskContentUnits markerUnits \
    markerWidth markerHeight refX refY orient pathLength fill fill-opacity fill-rule stroke stroke-width \
    stroke-opacity stroke-linecap stroke-linejoin stroke-miterlimit stroke-dasharray stroke-dashoffset opacity color \
    display visibility overflow clip-path clip-rule mask filter marker marker-start marker-mid marker-end stop-color \
    stop-opacity font font-family font-size font-weight font-style font-variant font-stretch text-anchor \
    text-decoration dominant-baseline alignment-baseline baseline-shift letter-spacing word-spacing writing-mode \
    direction unicode-bidi vector-effect paint-order shape-rendering text-rendering image-rendering \
    color-interpolation color-interpolation-filters color-rendering mix-blend-mode isolation type lang role aria-label \
    aria-labelledby aria-describedby aria-hidden in in2 result stdDeviation mode values operator k1 k2 k3 k4 \
    flood-color flood-opacity filterUnits primitiveUnits stroke-alignment enable-background
    """.split { $0 == " " || $0 == "\n" }.map(String.init))

  /// Whether a value may stand in an attribute.
  static func allows(_ value: String, in attribute: String, of element: String) -> Bool {
    if attribute == "href" {
      if value.hasPrefix("#") { return true }
      let start = value.prefix(24).lowercased()
      return element == "image"
        && ["data:image/png;base64,", "data:image/jpeg;base64,"].contains { start.hasPrefix($0) }
    }
    return isHarmless(style: value)
  }

  /// Whether a style or a paint names nothing outside the file.
  static func isHarmless(style: String) -> Bool {
    let text = style.lowercased()
    // An escape could spell any of the words below.
    if text.contains("\\") || text.contains("@import") || text.contains("expression(") { return false }
    if text.contains("javascript:") || text.contains("image(") || text.contains("image-set(") { return false }
    return text.split(separator: "url(", omittingEmptySubsequences: false).dropFirst().allSatisfy { rest in
      rest.drop { $0 == " " || $0 == "\"" || $0 == "'" }.hasPrefix("#")
    }
  }
}
