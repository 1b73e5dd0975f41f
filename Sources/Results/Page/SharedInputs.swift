import JSONText

/// Inputs that several entries of a manifest have, each written once: the files of a model, a dataset and its selection.
///
/// An entry that has one says `{"same": 3}` in its place. An input with that member alone and no other does not occur:
/// models and datasets are objects of digests.
struct SharedInputs {
  private static let reference = "same"

  /// The values, in the order they first occur.
  private(set) var values: [JSONValue] = []
  private var places: [String: Int] = [:]

  init(values: [JSONValue]) { self.values = values }

  /// The objects among the inputs that more than one entry has.
  init(_ inputs: [JSONObject]) {
    var counts: [String: Int] = [:]
    let members = inputs.flatMap { entry in entry.filter { $0.value.objectValue != nil }.map(\.value) }
    for member in members { counts[JSON.write(member), default: 0] += 1 }
    for member in members {
      let text = JSON.write(member)
      guard counts[text, default: 0] > 1, places[text] == nil else { continue }
      places[text] = values.count
      values.append(member)
    }
  }

  /// Inputs with references for what is shared.
  func shortened(_ inputs: JSONObject) -> JSONObject {
    var short = inputs
    for (name, value) in inputs where value.objectValue != nil {
      if let place = places[JSON.write(value)] { short[name] = .object([Self.reference: .int(place)]) }
    }
    return short
  }

  /// Inputs as they were; nil where a reference leads nowhere.
  func restored(_ inputs: JSONObject) -> JSONObject? {
    var whole = inputs
    for (name, value) in inputs {
      guard let object = value.objectValue, object.count == 1, let place = object[Self.reference]?.intValue else {
        continue
      }
      guard values.indices.contains(place) else { return nil }
      whole[name] = values[place]
    }
    return whole
  }
}
