import JSONText

/// Writes the model and the data of a page's results once: an entry with the same as an earlier one names that one.
///
/// ```
/// "model": {"as": "fig-movement"}
/// ```
/// A page of twenty results of one model is five kilobytes smaller for it. Keys and digests are those of the whole inputs.
struct SharedInputs {
  private static let names = ["model", "dataset"]
  private static let reference = "as"

  /// The entry that holds a value first, by the value's name and text.
  private var owners: [String: String] = [:]
  /// The values that entries hold, by their names and the entries' ids.
  private var values: [String: JSONValue] = [:]

  /// The JSON of an entry with references in the place of what an earlier one holds.
  mutating func referring(_ entry: PageManifest.Entry) -> JSONObject {
    var entry = entry
    for name in Self.names {
      guard let value = entry.inputs[name], value.objectValue != nil else { continue }
      let place = name + JSON.write(value)
      if let owner = owners[place] {
        entry.inputs[name] = [Self.reference: .string(owner)]
      } else {
        owners[place] = entry.id
      }
    }
    return entry.json
  }

  /// An entry as it was read with what its references name; nil where nothing earlier has it.
  mutating func resolved(_ entry: PageManifest.Entry) -> PageManifest.Entry? {
    var entry = entry
    for name in Self.names {
      guard let value = entry.inputs[name] else { continue }
      if let object = value.objectValue, object.count == 1, let owner = object[Self.reference]?.stringValue {
        guard let known = values[name + " " + owner] else { return nil }
        entry.inputs[name] = known
      } else {
        values[name + " " + entry.id] = value
      }
    }
    return entry
  }
}
