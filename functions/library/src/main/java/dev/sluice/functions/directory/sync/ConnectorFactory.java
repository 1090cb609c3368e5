package dev.sluice.functions.directory.sync;

/** Opens the directories of one type. */
public interface ConnectorFactory {
    String type();

    /**
     * One that is ready to be read.
     *
     * @throws DirectoryFailure when something is missing for that
     */
    DirectoryConnector open(DirectorySource source);
}
