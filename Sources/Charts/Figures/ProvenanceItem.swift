import Markup

/// One fact about where a result comes from: model, data, positions, n, seed, norm mode, digest.
public struct ProvenanceItem: Sendable, Hashable {
  /// The name of the fact, such as "model".
  public var name: String
  /// The fact, such as "atlas-gpt2".
  public var value: String
  /// Whether the fact is a digest or another code.
  public var isCode: Bool

  public init(_ name: String, _ value: String, isCode: Bool = false) {
    self.name = name
    self.value = value
    self.isCode = isCode
  }

  /// The facts as one small line after a few words; empty where there are none.
  public static func html(_ items: [ProvenanceItem], lead: String) -> TrustedMarkup {
    MarkupWriter.make { write(items, lead: lead, to: &$0) }
  }

  /// Writes the facts as one small line.
  static func write(_ items: [ProvenanceItem], lead: String = "", to writer: inout MarkupWriter) {
    guard !items.isEmpty else { return }
    writer.element("p", ["class": lead.isEmpty ? "provenance" : "provenance page"]) {
      if !lead.isEmpty { $0.text(lead) }
      for (index, item) in items.enumerated() {
        if index > 0 { $0.text(" · ") }
        if !item.name.isEmpty { $0.text(item.name + " ") }
        $0.element(item.isCode ? "code" : "b", text: item.value)
      }
    }
  }
}
