package dev.sluice.functions.database;

/** One of the server's programs failed. */
final class ServerCommandException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int code;
    private final String output;

    ServerCommandException(String program, int code, String output) {
        super(program + " ended with code " + code + (output.isEmpty() ? "" : ": " + output));
        this.code = code;
        this.output = output;
    }

    int code() {
        return code;
    }

    String output() {
        return output;
    }
}
