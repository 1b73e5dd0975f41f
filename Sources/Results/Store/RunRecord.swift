import Files
import JSONText

/// What each directive of a template depended on when it was last rendered, so that `why` can tell what changed.
public struct RunRecord: Sendable, Equatable {
  /// One directive of the template.
  public struct Slot: Sendable, Equatable {
    /// The directive's canonical text.
    public var directive: String
    /// Its line in the template, from 1.
    public var line: Int
    /// The inputs of its result.
    public var inputs: JSONObject

    public init(directive: String, line: Int, inputs: JSONObject) {
      self.directive = directive
      self.line = line
      self.inputs = inputs
    }
  }

  /// The directives in their order.
  public var slots: [Slot]

  public init(slots: [Slot]) { self.slots = slots }

  /// For each of this record's slots, the one of an earlier record that it stands for.
  ///
  /// The same directive text comes first; a directive whose arguments were edited is found again by
  /// its name and as many equal words as there are.
  public func counterparts(in earlier: RunRecord) -> [Slot?] {
    let exact = SlotMatching.counterparts(of: slots.map(\.directive), in: earlier.slots.map(\.directive))
    let taken = Set(exact.compactMap { $0 })
    let rest = earlier.slots.indices.filter { !taken.contains($0) }
    let open = slots.indices.filter { exact[$0] == nil }
    let nearest = SlotMatching.nearest(
      of: open.map { slots[$0].directive }, in: rest.map { earlier.slots[$0].directive })
    var result = exact
    for (place, found) in zip(open, nearest) { result[place] = found.map { rest[$0] } }
    return result.map { $0.map { earlier.slots[$0] } }
  }
}

/// Whether a directive's result is at hand, and if not, for what reason.
public enum Explanation: Sendable, Equatable, CustomStringConvertible {
  /// The store has it.
  case hit
  /// The template never had this directive.
  case firstTime
  /// These inputs differ from those of the last render.
  case changed([InputChange])
  /// The inputs are those of the last render, but the entry is gone.
  case gone

  /// Why `slot` is or is not at hand.
  ///
  /// - Parameters:
  ///   - previous: The slot's counterpart in the record of the last render.
  ///   - isStored: Whether the store has a result for the slot's inputs.
  public init(_ slot: RunRecord.Slot, previous: RunRecord.Slot?, isStored: Bool) {
    guard !isStored else {
      self = .hit
      return
    }
    guard let previous else {
      self = .firstTime
      return
    }
    let changes = InputChange.list(previous: previous.inputs, current: slot.inputs)
    self = changes.isEmpty ? .gone : .changed(changes)
  }

  /// One line such as `miss: model.weights 1a2b3c4d5e6f → 9f0c9f0c9f0c; settings.n 500 → 1000`.
  public var description: String {
    switch self {
    case .hit: "hit"
    case .firstTime: "miss: this template has not had the directive before"
    case .changed(let changes): "miss: " + changes.map(\.description).joined(separator: "; ")
    case .gone: "miss: no input changed, but the stored result is gone (cleaned, or thrown away as damaged)"
    }
  }
}

// MARK: - Keeping

extension RunRecord {
  private static let format = "layerbook.run/1"

  private static func path(_ template: String, _ store: ResultStore) -> String {
    "\(store.directory)/runs/\(sha256(Array(template.utf8)).hex).json"
  }

  /// Keeps the record as the last one of `template` (whatever names it for good, such as its absolute path).
  ///
  /// - Throws: `FileError` where the store cannot be written.
  public func save(template: String, in store: ResultStore) throws(FileError) {
    let path = RunRecord.path(template, store)
    let slots = slots.map { slot in
      ["directive": .string(slot.directive), "line": .int(slot.line), "inputs": .object(slot.inputs)] as JSONValue
    }
    let json: JSONValue = [
      "format": .string(RunRecord.format), "template": .string(template), "slots": .array(slots),
    ]
    try createDirectory(parentDirectory(of: path))
    try AtomicFile.write(Array(JSON.write(json).utf8), to: path, durable: false)
  }

  /// The last record of `template`; nil where there is none that can be read.
  public static func load(template: String, from store: ResultStore) -> RunRecord? {
    guard let bytes = try? readFile(path(template, store)), let json = try? JSON.parse(bytes),
      json["format"]?.stringValue == format, let list = json["slots"]?.arrayValue
    else { return nil }
    let slots = list.compactMap { item -> Slot? in
      guard let directive = item["directive"]?.stringValue, let line = item["line"]?.intValue,
        let inputs = item["inputs"]?.objectValue
      else { return nil }
      return Slot(directive: directive, line: line, inputs: inputs)
    }
    return slots.count == list.count ? RunRecord(slots: slots) : nil
  }
}
