import Files
import JSONText
import TestSupport
import Transformers

/// The configuration of a committed fixture with some keys changed; a nil value removes the key.
///
/// - Parameter fixture: Such as `gpt2` or `families/gemma2`.
func editedConfiguration(_ fixture: String, _ changes: [(String, JSONValue?)] = []) throws -> ModelConfiguration {
  let object = try JSON.parse(readFile(ProjectRoot.fixture(fixture + "/config.json"))).objectValue ?? JSONObject()
  var members = object.map { ($0.key, $0.value) }
  for (key, value) in changes {
    members.removeAll { $0.0 == key }
    if let value { members.append((key, value)) }
  }
  return try ModelConfiguration(Array(JSON.write(.object(JSONObject(members))).utf8), path: "config.json")
}
