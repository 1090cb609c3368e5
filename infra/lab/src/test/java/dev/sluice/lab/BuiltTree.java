package dev.sluice.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assertions;

/** A copy of the tree with everything built, as an ordinary user would have it: readable, owned by nobody in particular. */
final class BuiltTree {
    private static final List<String> NEEDED = List.of(
            "sluice",
            "pom.xml",
            "infra/lab/holder",
            "infra/lab/target/classes",
            "infra/lab/target/lib",
            "datapath/core/target/classes",
            "datapath/core/target/lib",
            "functions/process/target/quarkus-app",
            "functions/command/target/classes",
            "functions/command/target/lib");

    private final Path root;

    private BuiltTree(Path root) {
        this.root = root;
    }

    /** Copies the tree that this module belongs to into {@code directory}. */
    static BuiltTree copy(Path directory) throws IOException, InterruptedException {
        Path source = Path.of("").toAbsolutePath().getParent().getParent();
        Path root = directory.resolve("tree");
        for (String name : NEEDED) {
            Path target = root.resolve(name);
            Files.createDirectories(target.getParent());
            Process copy = new ProcessBuilder("cp", "-a", source.resolve(name).toString(), target.toString())
                    .inheritIO()
                    .start();
            Assertions.assertEquals(0, copy.waitFor(), "cannot copy " + name);
        }
        for (String module : List.of("datapath", "functions", "infra", "benchmarks")) {
            Files.createDirectories(root.resolve(module));
        }
        Files.createDirectories(root.resolve("target"));
        Files.writeString(root.resolve("target/built"), "");
        return new BuiltTree(root);
    }

    Path root() {
        return root;
    }
}
