import ArgumentParser
import Files
import Foundation

/// `layerbook serve`: pages as they would be, in a browser, again after every save.
struct ServeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Show the pages in a browser and reload them on save.",
    discussion: """
      Listens on 127.0.0.1 only. A page is rendered when it is looked at; a fault is shown in its place, with its source
      line. Besides the pages, only files of the output folder are served. Ctrl-C ends it.

      Example: layerbook serve --port 8700
      """)

  @Option(help: "The port; 0 takes a free one.")
  var port: Int = 8700

  @Option(help: "The output folder, whose files are served beside the pages.")
  var out: String = "site"

  @Option(name: .customLong("set"), help: "Overrides front matter.")
  var settings: [String] = []

  @OptionGroup var options: BookOptions

  func validate() throws {
    try PathOptions.check("--out", out)
    if !(0...65_535).contains(port) { throw ValidationError("--port needs a number from 0 to 65535, found \(port)") }
  }

  func request() throws -> PreviewRequest {
    let studio = PreviewStudio(options: options, settings: try Settings.pairs(settings))
    return PreviewRequest(port: UInt16(clamping: port), site: PreviewSite(studio: studio, folder: out))
  }

  /// Becomes `layerbook-serve`, which stands beside this program: linking an HTTP server, and with it a TLS stack, into
  /// this one would cost every other command twenty milliseconds.
  func run() throws {
    let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let server = parentDirectory(of: own) + "/layerbook-serve"
    guard FileManager.default.isExecutableFile(atPath: server) else {
      throw CommandFailure(
        code: .failed, message: "error: no '\(server)'\n  hint: `make build` and `make install` put it beside layerbook"
      )
    }
    // Everything after the word `serve`; what it says was checked when this command was parsed.
    let arguments = Array(CommandLine.arguments.drop { $0 != "serve" }.dropFirst())
    let reason = becomeProgram(server, arguments: arguments)
    throw CommandFailure(code: .failed, message: "error: cannot start '\(server)': \(reason)")
  }
}

/// A preview that was asked for.
public struct PreviewRequest: Sendable {
  /// The port; 0 for a free one.
  public let port: UInt16
  /// What is shown.
  public let site: PreviewSite

  /// Reads the arguments that stand after `layerbook serve`.
  public init(arguments: [String]) throws { self = try ServeCommand.parse(arguments).request() }

  init(port: UInt16, site: PreviewSite) {
    self.port = port
    self.site = site
  }
}
