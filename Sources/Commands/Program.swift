import ArgumentParser
import Files
import Foundation

/// The command line: parses, runs, and turns every outcome into one of the four exit codes.
public enum Program {
  /// `layerbook`, with the arguments of this process.
  public static func main() {
    guarded(Layerbook.self) {
      var command = try Layerbook.parseAsRoot()
      try command.run()
      StandardOutput.finish()
    }
  }

  /// What `layerbook-serve` was asked for, with the arguments of this process.
  public static func previewRequest() -> PreviewRequest {
    guarded(ServeCommand.self) { try PreviewRequest(arguments: Array(CommandLine.arguments.dropFirst())) }
  }

  /// Ends the program with a message, as a failed command does.
  public static func fail(_ message: String) -> Never {
    Terminal.error(message)
    exit(ExitStatus.failed.rawValue)
  }

  private static func guarded<Outcome>(_ command: any ParsableCommand.Type, _ body: () throws -> Outcome) -> Outcome {
    StandardOutput.prepare()
    preparePartialFileRemoval()
    Interruption.install()
    do {
      return try body()
    } catch let failure as CommandFailure {
      Terminal.error(failure.message)
      exit(failure.code.rawValue)
    } catch {
      // Help and version are "errors" of the argument parser that belong on standard output.
      let status = command.exitCode(for: error)
      let text = command.fullMessage(for: error)
      if status.isSuccess {
        print(text)
        StandardOutput.finish()
        exit(0)
      }
      Terminal.error(text)
      exit(status == .validationFailure ? ExitStatus.usage.rawValue : ExitStatus.failed.rawValue)
    }
  }
}

/// What a run ends with.
enum ExitStatus: Int32 {
  /// An engine, a claim or a missing model stopped the work.
  case failed = 1
  /// The command line or a template is wrong.
  case usage = 2
  /// Ctrl-C.
  case interrupted = 130
  /// A polite kill.
  case terminated = 143
}

/// A failure whose message is ready for people.
struct CommandFailure: Error {
  let code: ExitStatus
  let message: String
}

/// The root command.
struct Layerbook: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "layerbook",
    abstract: "Reports on what happens between a Transformer's layers, computed from real checkpoints.",
    discussion: """
      A Markdown template carries directives such as <<convergence atlas-llama>>; rendering runs the engines behind
      them and writes one self-contained HTML page.

      Examples:
        layerbook render                                    every template of the book, into site/
        layerbook render reports/tour.md --set model=gpt2   one template, another model
        layerbook ask '<<convergence atlas-llama>>'         one directive, as text
        layerbook ask '<<heatmap r2 mean>>' --format json   the same as JSON
        layerbook directives heatmap                        what a directive takes
        layerbook init mybook                               a first book and template
      """,
    version: Version.current,
    subcommands: [
      RenderCommand.self, AskCommand.self, CheckCommand.self, CaptureCommand.self, TokenizeCommand.self,
      ForwardCommand.self, MapsCommand.self, BypassCommand.self, EditCommand.self, DistillCommand.self,
      TrainCommand.self, GenerateCommand.self,
      ModelsCommand.self,
      DirectivesCommand.self, VerifyCommand.self, WhyCommand.self,
      PlanCommand.self, ComputeCommand.self, CacheCommand.self, ArchiveCommand.self, DiffCommand.self,
      ServeCommand.self, InitCommand.self,
    ])
}

/// The program's version, as printed and as written into pages.
enum Version {
  static let current = "0.1.0"
}
