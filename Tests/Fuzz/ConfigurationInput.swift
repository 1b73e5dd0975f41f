import Files
import Glibc
import Transformers

/// Reads a config.json; where it can be read, opens the committed fixture of its family with it in the place of the
/// fixture's own, and runs what opens: no option that passes the reader may stop the arithmetic.
func readConfiguration(_ bytes: [UInt8]) {
  guard let configuration = try? ModelConfiguration(bytes, path: "fuzz") else { return }
  precondition(configuration.weightsPerBlock > 0 && configuration.plans.count == configuration.blocks, "sizes")
  guard let folder = folder(of: configuration.family) else { return }
  do { try AtomicFile.write(bytes, to: folder + "/config.json", durable: false) } catch { return }
  guard let model = try? Model.open(folder) else { return }
  _ = try? model.forward((0..<12).map { $0 % configuration.vocabulary })
}

/// A folder with the tensors of a family's fixture, made once in memory; nil where there is no fixture.
private func folder(of family: ModelConfiguration.Family) -> String? {
  guard let fixtures = getenv("LAYERBOOK_FUZZ_FIXTURES").map({ String(cString: $0) }) else { return nil }
  let name = family == .gemma3 ? "gemma3" : family.rawValue
  let sources = ["\(fixtures)/families/\(name)", "\(fixtures)/\(name)"].map { $0 + "/model.safetensors" }
  guard let source = sources.first(where: isFile) else { return nil }
  let folder = "/dev/shm/layerbook-fuzz-\(getpid())/\(family.rawValue)"
  if isDirectory(folder) { return folder }
  do { try createDirectory(folder) } catch { return nil }
  return symlink(source, folder + "/model.safetensors") == 0 ? folder : nil
}
