import ArgumentParser
import Dispatch
import Files
import FlyingFox
import FlyingSocks
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
    if !(0...65_535).contains(port) { throw ValidationError("--port needs a number from 0 to 65535, found \(port)") }
  }

  func run() throws {
    let studio = PreviewStudio(options: options, settings: try Settings.pairs(settings))
    let site = PreviewSite(studio: studio, folder: out)
    let port = UInt16(clamping: port)
    // Failure of a server that another task runs ends the program: nothing is left to do.
    Task.detached {
      do {
        let server = HTTPServer(
          address: try sockaddr_in.inet(ip4: "127.0.0.1", port: port), timeout: 30, logger: .disabled,
          handler: ClosureHTTPHandler { await site.response(to: $0) })
        Task {
          try await server.waitUntilListening()
          if case .ip4(_, let number)? = await server.listeningAddress {
            FileHandle.standardOutput.write(Data("http://127.0.0.1:\(number)/\n".utf8))
          }
        }
        try await server.run()
      } catch {
        Terminal.error("error: cannot listen on 127.0.0.1:\(port): \(error)\n  hint: choose another with --port")
        Foundation.exit(ExitStatus.failed.rawValue)
      }
    }
    dispatchMain()
  }
}
