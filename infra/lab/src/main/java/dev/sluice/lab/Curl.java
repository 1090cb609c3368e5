package dev.sluice.lab;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What curl on a host has met.
 *
 * @param code curl's exit code, 0 when the request succeeded
 * @param status the status of HTTP, 0 when none came
 * @param firstByte milliseconds from curl's first packet to the first byte of the answer
 * @param total milliseconds that the request took in all
 * @param body what came
 * @param error curl's words on what went wrong
 */
public record Curl(int code, int status, double firstByte, double total, String body, String error) {
    private static final String FORMAT = "\n%{http_code} %{time_starttransfer} %{time_total}";

    /** Makes a request from {@code host}, with further {@code options} of curl. */
    public static Curl from(String host, String url, Duration limit, String... options) {
        List<String> command = new ArrayList<>(List.of(
                "curl",
                "--silent",
                "--show-error",
                "--noproxy",
                "*",
                "--globoff",
                "--write-out",
                FORMAT,
                "--max-time"));
        command.add(String.format(Locale.ROOT, "%.3f", limit.toMillis() / 1000.0));
        command.addAll(Arrays.asList(options));
        command.add(url);
        Program.Result result = Program.run(Program.on(host, command), "", limit.plus(Duration.ofSeconds(5)));
        int last = result.output().lastIndexOf('\n');
        String[] figures = result.output().substring(last + 1).split(" ");
        return new Curl(
                result.code(),
                Integer.parseInt(figures[0]),
                Double.parseDouble(figures[1]) * 1000,
                Double.parseDouble(figures[2]) * 1000,
                last < 0 ? "" : result.output().substring(0, last),
                result.errors().strip());
    }

    /** Whether the answer was 200. */
    public boolean succeeded() {
        return code == 0 && status == 200;
    }

    /** Whether the network said that the way is closed, as opposed to saying nothing. */
    public boolean refused() {
        return code == 7 && error.matches("(?s).*(No route to host|Permission denied|unreachable|Couldn't connect).*");
    }
}
