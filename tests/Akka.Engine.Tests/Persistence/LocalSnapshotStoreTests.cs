namespace Akka.Engine.Tests.Persistence;

/// <summary>Snapshots as files.</summary>
public sealed class LocalSnapshotStoreTests : SnapshotStoreTests
{
    readonly DirectoryInfo _directory;

    public LocalSnapshotStoreTests() : this(Directory.CreateTempSubdirectory("akka-snapshots-"))
    {
    }

    LocalSnapshotStoreTests(DirectoryInfo directory)
        : base(
            $"akka.persistence.snapshot-store.local.dir = \"{directory.FullName}\"",
            "akka.persistence.snapshot-store.local") => _directory = directory;

    protected override void AfterAll()
    {
        base.AfterAll();
        _directory.Delete(recursive: true);
    }
}
