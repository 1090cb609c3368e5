package dev.sluice.datapath.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where the portal's token comes from: a file of mode 600, which is read again when it changes, or the environment; where
 * neither is named, from what {@code client sign-in} keeps, which need not be there. Never the command line, which every user
 * of the host can read. For one thread.
 */
final class TokenSource {
    private final @Nullable Path file;
    private final boolean ofSignIn;
    private String token;
    private @Nullable FileTime touched;
    private @Nullable String complaint;

    private TokenSource(@Nullable Path file, boolean ofSignIn, String token) {
        this.file = file;
        this.ofSignIn = ofSignIn;
        this.token = token;
        this.touched = time();
    }

    /** @throws CommandFailedException when there is none, or its file may be read by others */
    static TokenSource open(@Nullable Path file, Map<String, String> environment) {
        return find(file, environment)
                .orElseThrow(() -> CommandFailedException.usage(
                        "no token: put it into a file of mode 600 and give --token-file, or set SLUICE_TOKEN"));
    }

    /** The same for a client, which somebody may sign in later. */
    static TokenSource open(@Nullable Path file, Map<String, String> environment, Path stateDirectory) {
        return find(file, environment).orElseGet(() -> {
            Path kept = SignInFile.in(stateDirectory);
            return new TokenSource(kept, true, SignInFile.read(kept));
        });
    }

    private static Optional<TokenSource> find(@Nullable Path file, Map<String, String> environment) {
        if (file != null) {
            return Optional.of(new TokenSource(file, false, required(SecretFile.read(file, "token"), file.toString())));
        }
        return Optional.ofNullable(EnvironmentDefaults.value(environment, "SLUICE_TOKEN"))
                .map(value -> new TokenSource(null, false, bare(value)));
    }

    /** Empty while nobody has signed in. */
    String token() {
        return token;
    }

    /** What helps when the portal takes the token no more. */
    String remedy() {
        if (ofSignIn) {
            return "sign in: ./sluice client sign-in";
        }
        return file == null ? "set another SLUICE_TOKEN, and start anew" : "put a valid one into " + file;
    }

    /**
     * Looks at the file again; the token if it is another one, or the same was written again. Says once what is wrong with
     * a file.
     */
    Optional<String> reread(System.Logger log) {
        if (file == null) {
            return Optional.empty();
        }
        try {
            FileTime written = time();
            String read = ofSignIn ? SignInFile.read(file) : required(SecretFile.read(file, "token"), file.toString());
            complaint = null;
            boolean again = !Objects.equals(written, touched);
            touched = written;
            if (read.equals(token) && !(again && !read.isEmpty())) {
                return Optional.empty();
            }
            token = read;
            return Optional.of(read);
        } catch (CommandFailedException unusable) {
            if (!String.valueOf(unusable.getMessage()).equals(complaint)) {
                complaint = unusable.getMessage();
                log.log(System.Logger.Level.WARNING, complaint);
            }
            return Optional.empty();
        }
    }

    private @Nullable FileTime time() {
        try {
            return file == null ? null : Files.getLastModifiedTime(file);
        } catch (IOException beingReplaced) {
            return touched;
        }
    }

    private static String required(String text, String where) {
        String token = bare(text);
        if (token.isEmpty()) {
            throw CommandFailedException.refused("the token file " + where + " is empty");
        }
        return token;
    }

    /** Without what editors and scripts leave around it: byte order mark, quotes, line ends, zeros. */
    static String bare(String text) {
        return text.replaceAll("^[\\s\ufeff\\x00\"']+|[\\s\\x00\"']+$", "");
    }
}
