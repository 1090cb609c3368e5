package dev.sluice.lab;

import java.io.IOException;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;

/** Text as lines of {@link ControlServer}'s answer. */
final class FramedWriter extends Writer {
    private final WritableByteChannel channel;
    private final StringBuilder line = new StringBuilder();

    FramedWriter(WritableByteChannel channel) {
        this.channel = channel;
    }

    @Override
    public void write(char[] text, int offset, int length) throws IOException {
        for (int i = offset; i < offset + length; i++) {
            if (text[i] == '\n') {
                send(ControlServer.OUTPUT + line.toString());
                line.setLength(0);
            } else {
                line.append(text[i]);
            }
        }
    }

    /** Sends what is left and the exit code. */
    void end(int code) throws IOException {
        if (!line.isEmpty()) {
            write("\n");
        }
        send(ControlServer.END + Integer.toString(code));
    }

    @Override
    public void flush() {}

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private void send(String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap((text + "\n").getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
