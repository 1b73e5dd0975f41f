// swift-tools-version: 6.2
import PackageDescription

/// Every warning is an error: a warning that is let through once is never read again.
let strict: [SwiftSetting] = [.swiftLanguageMode(.v6), .treatAllWarnings(as: .error)]

/// The element-wise kernels are C because Swift does not vectorise `exp` and `tanh`; without -O3 a debug build crawls.
let kernelSettings: [CSetting] = [.unsafeFlags(["-O3", "-ffp-contract=off"])]

/// A Swift module of the library and the layer it stands on: it may import only modules of lower layers.
struct Module {
  var layer: Int
  var name: String
  var imports: [String] = []
  /// C targets and system libraries that this module, and no other, wraps.
  var c: [String] = []
  var packages: [Target.Dependency] = []
}

let yams: Target.Dependency = .product(name: "Yams", package: "Yams")
/// For `layerbook-serve` alone: it links a TLS stack, which takes twenty milliseconds to load.
let flyingSocks: Target.Dependency = .product(name: "FlyingSocks", package: "FlyingFox")
let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")

let modules: [Module] = [
  Module(layer: 1, name: "Diagnostics"),
  Module(layer: 1, name: "Files", c: ["CCrypto", "CSpawn"]),
  Module(layer: 1, name: "Markup"),
  Module(layer: 1, name: "JSONText"),
  Module(layer: 2, name: "Tensors", c: ["CBLASShim", "CKernels"]),
  Module(layer: 2, name: "Images", imports: ["Markup"]),
  Module(layer: 2, name: "Tabular", imports: ["Diagnostics", "JSONText"]),
  Module(layer: 2, name: "YAML", imports: ["Diagnostics"], packages: [yams]),
  Module(layer: 2, name: "Charts", imports: ["Markup"], c: ["CPNG"]),
  Module(layer: 2, name: "Equations", imports: ["Diagnostics", "Markup"]),
  Module(layer: 3, name: "AtlasCorpus", imports: ["JSONText", "Tensors"]),
  Module(layer: 3, name: "Citations", imports: ["Diagnostics", "JSONText", "Markup"]),
  Module(layer: 3, name: "Directives", imports: ["Diagnostics", "JSONText", "YAML"]),
  Module(
    layer: 4, name: "Markdown", imports: ["Citations", "Diagnostics", "Directives", "Equations", "Markup"],
    c: ["CCMark"]),
  Module(layer: 3, name: "Regression", imports: ["Diagnostics", "Tensors"]),
  Module(layer: 3, name: "Optimization", imports: ["Files", "Tensors"]),
  Module(layer: 3, name: "Checkpoints", imports: ["Diagnostics", "Files", "JSONText", "Tensors"]),
  Module(layer: 3, name: "Tokenizers", imports: ["Files", "JSONText"], c: ["COnig"]),
  Module(layer: 3, name: "Results", imports: ["Diagnostics", "Files", "JSONText", "Markup"]),
  Module(layer: 4, name: "Transformers", imports: ["Checkpoints", "Diagnostics", "Files", "JSONText", "Tensors"]),
  Module(layer: 5, name: "Analyses", imports: ["JSONText", "Tensors", "Transformers"]),
  Module(
    layer: 5, name: "Training",
    imports: ["Checkpoints", "Diagnostics", "JSONText", "Optimization", "Tensors", "Transformers"]),
  Module(
    layer: 5, name: "Books",
    imports: ["Diagnostics", "Directives", "Files", "JSONText", "Tabular", "Tensors", "Tokenizers", "YAML"]),
  Module(
    layer: 6, name: "Blocks",
    imports: [
      "Analyses", "Books", "Charts", "Checkpoints", "Diagnostics", "Directives", "Files", "JSONText", "Markup",
      "Optimization", "Regression", "Results", "Tabular", "Tensors", "Tokenizers", "Training", "Transformers",
    ]),
  Module(
    layer: 7, name: "Reports",
    imports: [
      "Blocks", "Books", "Charts", "Citations", "Diagnostics", "Directives", "Equations", "Files", "Images", "JSONText",
      "Markdown", "Markup", "Results", "Tensors",
    ]),
  Module(
    layer: 8, name: "Commands",
    imports: [
      "Reports", "Blocks", "Books", "Training", "Transformers", "Tokenizers", "Checkpoints", "Diagnostics",
      "Directives",
      "Files", "JSONText", "Results", "Tensors", "Markup",
    ], packages: [argumentParser]),
]

let layers = Dictionary(uniqueKeysWithValues: modules.map { ($0.name, $0.layer) })
for module in modules {
  for name in module.imports {
    precondition(layers[name, default: .max] < module.layer, "\(module.name) may not import \(name)")
  }
}

/// What a module's tests import besides the module itself: tests have no part in what a module may use.
let testImports: [String: [String]] = [
  "AtlasCorpus": ["Files", "TestSupport"],
  "Analyses": ["Checkpoints", "Files", "JSONText", "Tensors", "TestSupport", "Tokenizers", "Transformers"],
  "Blocks": [
    "Analyses", "Books", "Charts", "Checkpoints", "Diagnostics", "Directives", "Files", "JSONText", "Results",
    "Tensors",
    "TestSupport", "Tokenizers", "Transformers",
  ],
  "Books": ["Diagnostics", "Files", "JSONText", "TestSupport"],
  "Charts": ["ChartSamples", "Markup", "TestSupport"],
  "Checkpoints": ["Files", "Tensors", "TestSupport"],
  "Citations": ["Diagnostics"],
  "Commands": ["TestSupport"],
  "Directives": ["Diagnostics"],
  "Equations": ["Diagnostics"],
  "Files": ["TestSupport"],
  "Images": [],
  "JSONText": ["TestSupport"],
  "Markdown": ["Diagnostics", "Directives", "Markup"],
  "Optimization": ["Files", "JSONText", "Tensors", "TestSupport"],
  "Regression": ["Checkpoints", "Files", "JSONText", "Tensors", "TestSupport"],
  "Reports": [
    "Blocks", "Books", "ChartSamples", "Charts", "Diagnostics", "Files", "JSONText", "Markup", "Results", "TestSupport",
  ],
  "Results": ["Files", "JSONText", "TestSupport"],
  "Tabular": ["JSONText"],
  "Tokenizers": ["JSONText", "TestSupport"],
  "Training": ["Files", "JSONText", "Optimization", "Tensors", "TestSupport", "Transformers"],
  "Transformers": ["Checkpoints", "Files", "JSONText", "Tensors", "TestSupport", "Tokenizers"],
  "YAML": ["Diagnostics"],
]

/// Modules whose tests compare with the files of a Snapshots folder.
let snapshotTests: Set<String> = ["Blocks", "Charts"]

/// Tests that calculate themselves what they expect.
///
/// The others only call what is optimised already: optimising them
/// would take longer than they run.
let calculatingTests: Set<String> = [
  "Analyses", "Checkpoints", "Optimization", "Regression", "Tensors", "Tokenizers", "Training", "Transformers",
]
let unoptimized: [SwiftSetting] = strict + [.unsafeFlags(["-Onone"])]

/// The program that writes pages carries Swift's runtime and Foundation with it: binding it to their libraries takes 10 ms,
/// of 60 that a page takes whose results are all known. (gold warns of `mktemp` in Foundation.)
let staticRuntime =
  ["-static-stdlib", "-use-ld=lld"]
  + ["CoreFoundation", "_FoundationICU", "_FoundationCShims", "_FoundationCollections"].map { "-l\($0)" }

var targets: [Target] = [
  .target(name: "CBLASShim", cSettings: kernelSettings),
  .target(name: "CKernels", cSettings: kernelSettings, linkerSettings: [.linkedLibrary("m")]),
  .systemLibrary(name: "CCMark", pkgConfig: "libcmark", providers: [.apt(["libcmark-dev"])]),
  .systemLibrary(name: "COnig", pkgConfig: "oniguruma", providers: [.apt(["libonig-dev"])]),
  .systemLibrary(name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"])]),
  .systemLibrary(name: "CSpawn"),
  .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
]
targets += modules.map { module in
  .target(
    name: module.name,
    dependencies: (module.imports + module.c).map { .target(name: $0) } + module.packages,
    exclude: ["README.md"],
    swiftSettings: strict,
    linkerSettings: [.linkedLibrary("m")])
}
targets += [
  .executableTarget(
    name: "layerbook", dependencies: ["Commands"], swiftSettings: strict,
    linkerSettings: [.unsafeFlags(staticRuntime, .when(platforms: [.linux]))]),
  .executableTarget(name: "layerbook-serve", dependencies: ["Commands", flyingSocks], swiftSettings: strict),
  .executableTarget(
    name: "layerbook-models",
    dependencies: [
      "Analyses", "AtlasCorpus", "Books", "Checkpoints", "Files", "JSONText", "Tokenizers", "Transformers",
      argumentParser,
    ], swiftSettings: strict),
  .executableTarget(
    name: "layerbook-bench",
    dependencies: [
      "Analyses", "Transformers", "Tokenizers", "Checkpoints", "Diagnostics", "Regression", "Tensors", "Files",
      "JSONText", "Results", "Training", argumentParser,
    ],
    swiftSettings: strict),
  .target(
    name: "TestSupport", dependencies: ["Files"], path: "Tests/TestSupport", swiftSettings: strict),
  .target(
    name: "ChartSamples", dependencies: ["Charts", "Markup"], path: "Tests/ChartSamples", swiftSettings: strict),
]
/// Programs that a module's tests start, to kill them or to race them.
let testPrograms = ["Results": ["store-torture"]]
targets.append(
  .executableTarget(
    name: "store-torture", dependencies: ["Results"], path: "Tests/StoreTorture",
    swiftSettings: strict))
targets.append(
  .executableTarget(
    name: "import-check", dependencies: ["Files", "JSONText"], path: "Tests/ImportCheck", exclude: ["README.md"],
    swiftSettings: strict))
targets += modules.map { module in
  .testTarget(
    name: module.name + "Tests",
    dependencies: ([module.name] + testImports[module.name, default: []] + testPrograms[module.name, default: []])
      .map { .target(name: $0) },
    exclude: snapshotTests.contains(module.name) ? ["Snapshots"] : [],
    swiftSettings: calculatingTests.contains(module.name) ? strict : unoptimized)
}
// They start `layerbook`, too, which `swift test` builds like every product; named here, it would have all tests linked as
// it is.
targets.append(
  .testTarget(
    name: "EndToEndTests",
    dependencies: ["layerbook-serve", "layerbook-models", "Files", "JSONText", "Checkpoints", "TestSupport"],
    swiftSettings: unoptimized))

var products: [Product] = ["layerbook", "layerbook-serve"].map { .executable(name: $0, targets: [$0]) }
// libFuzzer brings its own `main`, so the target is an archive that is linked by hand: see Tests/Fuzz/README.md.
if Context.environment["LAYERBOOK_FUZZ"] == "1" {
  targets.append(
    .target(
      name: "Fuzz",
      dependencies: [
        "Books", "Checkpoints", "Citations", "Commands", "Diagnostics", "Directives", "Equations", "Files", "Images",
        "JSONText", "Markdown", "Reports", "Results", "Tabular", "Tokenizers", "Transformers",
      ], path: "Tests/Fuzz", exclude: ["README.md", "Corpus"], swiftSettings: strict))
  products.append(.library(name: "Fuzz", type: .static, targets: ["Fuzz"]))
}

let package = Package(
  name: "layerbook",
  products: products,
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/swhitty/FlyingFox", exact: "0.27.1"),
  ],
  targets: targets
)
