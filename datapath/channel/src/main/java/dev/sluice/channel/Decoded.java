package dev.sluice.channel;

/** What a frame turned out to be. A peer never stops because of the latter two. */
public sealed interface Decoded<M> {
    record Message<M>(M value) implements Decoded<M> {}

    /** An event that this version does not know. */
    record Unknown<M>(String event) implements Decoded<M> {}

    /** A known event whose payload lacks what it must have; the problem names the field, never its value. */
    record Malformed<M>(String event, String problem) implements Decoded<M> {}
}
