import JSONText

/// The results of one state of a report, to be compared with another.
public struct ResultSet: Sendable {
  /// One directive's result.
  public struct Entry: Sendable {
    public var id: String
    /// Its canonical text.
    public var directive: String
    /// What it was computed from.
    public var inputs: JSONObject
    /// The result; nil where only its digest is at hand.
    public var result: JSONValue?
    /// Digest of the result, as hexadecimal digits.
    public var valueDigest: String
    /// The tolerance it asks for.
    public var tolerance: Tolerance

    public init(
      id: String, directive: String, inputs: JSONObject, result: JSONValue?, valueDigest: String,
      tolerance: Tolerance = .exact
    ) {
      self.id = id
      self.directive = directive
      self.inputs = inputs
      self.result = result
      self.valueDigest = valueDigest
      self.tolerance = tolerance
    }

    /// The digest of the values where they are at hand: what is recorded of them decides nothing then.
    var actualDigest: String { result.map { Results.valueDigest(of: $0).hex } ?? valueDigest }

    /// What is said where the recorded digest is not that of the values.
    var fault: String? {
      actualDigest == valueDigest ? nil : "\(id): the recorded digest is not that of the values: they were altered"
    }
  }

  /// What to call this state, such as `convergence/0007` or a page's path.
  public var label: String
  /// The results in the report's order.
  public var entries: [Entry]
  /// The template's text.
  public var prose: String
  /// What shows that the state is not what was recorded: a digest that its values do not have, an altered page.
  public var faults: [String] = []

  public init(label: String, entries: [Entry], prose: String) {
    self.label = label
    self.entries = entries
    self.prose = prose
  }

  /// The results that a manifest names.
  ///
  /// - Parameter results: Results by id that the manifest carries the digest of only.
  public init(label: String, manifest: PageManifest, results: [String: JSONValue] = [:]) {
    let entries = manifest.entries.map { entry in
      Entry(
        id: entry.id, directive: entry.directive, inputs: entry.inputs, result: entry.result ?? results[entry.id],
        valueDigest: entry.valueDigest.hex, tolerance: entry.tolerance.flatMap { Tolerance($0) } ?? .exact)
    }
    self.init(label: label, entries: entries, prose: manifest.template)
    faults = self.entries.compactMap(\.fault)
  }

  /// The results of a page.
  ///
  /// - Throws: `ManifestError` where the page has no manifest.
  public init(label: String, page: [UInt8]) throws(ManifestError) {
    self.init(label: label, manifest: try PageManifest(page: page))
  }
}
