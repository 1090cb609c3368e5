package dev.sluice.functions.lambda;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Takes the names of local variables out of jars, which debuggers alone read: a tenth of the jars, and of what a JVM keeps of
 * them. The lines of stack traces stay.
 */
public final class JarSlimming {
    private JarSlimming() {}

    /** Rewrites all jars below the directory of the first argument. */
    public static void main(String[] arguments) throws IOException {
        List<Path> jars;
        try (var files = Files.walk(Path.of(arguments[0]))) {
            jars = files.filter(file -> file.toString().endsWith(".jar")).toList();
        }
        for (Path jar : jars) {
            slim(jar);
        }
    }

    private static void slim(Path jar) throws IOException {
        Path slimmed = jar.resolveSibling(jar.getFileName() + ".slim");
        try (var in = new ZipInputStream(Files.newInputStream(jar));
                var out = new ZipOutputStream(Files.newOutputStream(slimmed))) {
            out.setLevel(Deflater.BEST_COMPRESSION);
            for (var entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                byte[] content = in.readAllBytes();
                var written = new ZipEntry(entry.getName());
                written.setTime(entry.getTime());
                out.putNextEntry(written);
                out.write(isClass(entry.getName()) ? slim(content) : content);
                out.closeEntry();
            }
        }
        Files.move(slimmed, jar, StandardCopyOption.REPLACE_EXISTING);
    }

    private static boolean isClass(String name) {
        return name.endsWith(".class") && !name.endsWith("module-info.class");
    }

    private static byte[] slim(byte[] content) {
        var writer = new ClassWriter(0);
        new ClassReader(content)
                .accept(
                        new ClassVisitor(Opcodes.ASM9, writer) {
                            @Override
                            public MethodVisitor visitMethod(
                                    int access, String name, String descriptor, String signature, String[] exceptions) {
                                return new WithoutLocals(
                                        super.visitMethod(access, name, descriptor, signature, exceptions));
                            }
                        },
                        0);
        return writer.toByteArray();
    }

    private static final class WithoutLocals extends MethodVisitor {
        WithoutLocals(MethodVisitor next) {
            super(Opcodes.ASM9, next);
        }

        @Override
        public void visitLocalVariable(
                String name, String descriptor, String signature, Label start, Label end, int index) {
            // Left out.
        }
    }
}
