using Akka.Configuration;

namespace Akka.Zab.Tests.Settings;

public class ZabSettingsTests
{
    [Fact]
    public void Without_any_setting_it_is_a_server_by_itself()
    {
        var settings = ZabSettings.Read(ConfigurationFactory.Empty);
        Assert.Equal(1, settings.ServerId);
        Assert.Single(settings.Members);
        Assert.Null(settings.Self.Address);
        Assert.Equal((2000, 4000, 40_000), (settings.TickMs, settings.MinSessionTimeoutMs, settings.MaxSessionTimeoutMs));
        Assert.True(Path.IsPathFullyQualified(settings.DataFolder));
        Assert.True(settings is { LocalSessions: false, LocalSessionsUpgrade: false, ReadOnlyMode: false });
        Assert.Equal(new StoreSettings("akka.zab.journal", "SQLite.MS", "") { HasPlainTable = true }, settings.Journal);
        Assert.Equal(new StoreSettings("akka.zab.snapshots", "SQLite.MS", ""), settings.Snapshots);
    }

    [Fact]
    public void Every_setting_is_read()
    {
        var settings = Read(
            """
            server-id = 2
            members = [
              { id = 1, address = "akka.tcp://zab@a:4051" }
              { id = 2, address = "akka.tcp://zab@b:4051", role = participant, client = "b:2181", weight = 2 }
              { id = 3, address = "akka.tcp://zab@c:4051", role = observer }
            ]
            tick-time = 500ms, init-limit = 7, sync-limit = 3
            session-timeout { min = 1s, max = 1m }
            sessions { local = on, local-upgrade = on }
            read-only-mode = on
            election { finalize-wait = 50ms, resend = 10ms, longest-resend = 1s }
            batch { max-bytes = 128KiB, max-in-flight = 2, max-waiting = 5MiB }
            history-in-memory = 1MiB
            max-behind = 2MiB
            history-on-disk = 3MiB
            snapshot { every-transactions = 1000, every-bytes = 2MiB, keep = 5 }
            data-dir = "/somewhere"
            client-port { host = "127.0.0.1", port = 0, max-connections-per-address = 60 }
            max-outstanding-requests = 64
            four-letter-words = ["*"]
            journal { connection-string = "Host=db", provider-name = PostgreSQL.15 }
            """);
        Assert.Equal(2, settings.ServerId);
        Assert.Equal(3, settings.Members.Count);
        Assert.Equal("akka.tcp://zab@b:4051", settings.Self.Address!.ToString());
        Assert.Equal("b:2181", settings.Self.Client);
        Assert.Equal((2, 0), (settings.Self.Weight, settings.Self.Group));
        Assert.True(settings.Members[2].IsObserver);
        Assert.Equal((500, 7, 3), (settings.TickMs, settings.InitLimitTicks, settings.SyncLimitTicks));
        Assert.Equal((1000, 60_000), (settings.MinSessionTimeoutMs, settings.MaxSessionTimeoutMs));
        Assert.True(settings is { LocalSessions: true, LocalSessionsUpgrade: true, ReadOnlyMode: true });
        Assert.Equal((50, 10, 1000), (settings.FinalizeWaitMs, settings.ResendMs, settings.LongestResendMs));
        Assert.Equal((128 << 10, 2), (settings.MaxBatchBytes, settings.MaxBatchesInFlight));
        Assert.Equal(5 << 20, settings.MaxWaitingBytes);
        Assert.Equal(
            (1 << 20, 2 << 20, 3 << 20), (settings.HistoryInMemory, settings.MaxBehind, settings.HistoryOnDisk));
        Assert.Equal((1000, 2L << 20, 5), (settings.SnapshotEveryTransactions, settings.SnapshotEveryBytes, settings.SnapshotsKept));
        Assert.Equal(("127.0.0.1", 0, 60), (settings.ClientHost, settings.ClientPort, settings.MaxConnectionsPerAddress));
        Assert.Equal(64, settings.MaxOutstandingRequests);
        Assert.Equal(["*"], settings.FourLetterWords);
        Assert.Equal(new StoreSettings("akka.zab.journal", "PostgreSQL.15", "Host=db"), settings.Journal);
        Assert.True(settings.Journal.IsPostgres);
        Assert.False(settings.Snapshots.IsPostgres);
    }

    [Theory]
    [InlineData("journal.provider-name = PostgreSQL.15",
        "akka.zab.journal.connection-string must be that of the database, with PostgreSQL.15.")]
    [InlineData("server-id = 0", "akka.zab.server-id must be a whole number from 1 to 255, not 0.")]
    [InlineData("server-id = one", "akka.zab.server-id must be a whole number from 1 to 255, not one.")]
    [InlineData("tick-time = soon", "akka.zab.tick-time must be a time from 10ms to 60s, not soon.")]
    [InlineData("tick-time = 1ms", "akka.zab.tick-time must be a time from 10ms to 60s, not 1ms.")]
    [InlineData("batch.max-bytes = 1KiB", "akka.zab.batch.max-bytes must be a size from 64KiB to 16MiB, not 1KiB.")]
    [InlineData("session-timeout { min = 10s, max = 5s }",
        "akka.zab.session-timeout.max must be at least session-timeout.min, which is 10000ms, not 5s.")]
    [InlineData("tick-tim = 1s", "akka.zab.tick-tim is not a setting of Akka.Zab.")]
    [InlineData("sessions.locale = on", "akka.zab.sessions.locale is not a setting of Akka.Zab.")]
    [InlineData("sessions.local = maybe", "akka.zab.sessions.local must be on or off, not maybe.")]
    [InlineData("sessions = local", "akka.zab.sessions is a section, it has no value of its own.")]
    [InlineData("snapshot.every = 1", "akka.zab.snapshot.every is not a setting of Akka.Zab.")]
    [InlineData("snapshot = 1", "akka.zab.snapshot is a section, it has no value of its own.")]
    [InlineData("data-dir { path = x }", "akka.zab.data-dir is no section.")]
    [InlineData("data-dir = \"\"", "akka.zab.data-dir must be a folder, not empty.")]
    [InlineData("members = [7]", "akka.zab.members must be a list of { id, address, role, client }.")]
    [InlineData("members = [{ id = 1, address = here }]",
        "The address in entry 1 of akka.zab.members must be one such as \"akka.tcp://zab@host:4051\", not \"here\".")]
    [InlineData("members = [{ id = 300, address = \"akka.tcp://zab@a:1\" }]",
        "The id in entry 1 of akka.zab.members must be a whole number from 1 to 255, not \"300\".")]
    [InlineData("members = [{ id = 1, address = \"akka.tcp://zab@a:1\", role = boss }]",
        "The role in entry 1 of akka.zab.members must be participant or observer, not \"boss\".")]
    [InlineData("members = [{ id = 1, address = \"akka.tcp://zab@a:1\", client = a }]",
        "The client in entry 1 of akka.zab.members must be a host and a port such as host:2181, not \"a\".")]
    [InlineData("members = [{ id = 1, adress = \"akka.tcp://zab@a:1\" }]",
        "entry 1 of akka.zab.members has \"adress\", but only id, address, role, client, weight and group are known there.")]
    [InlineData("members = [{ id = 2, address = \"akka.tcp://zab@a:1\" }]",
        "akka.zab.members does not have this server, whose akka.zab.server-id is 1.")]
    [InlineData("members = [{ id = 1, address = \"akka.tcp://zab@a:1\", role = observer }]",
        "akka.zab.members needs at least one participant.")]
    [InlineData("members = [{ id = 1, address = \"akka.tcp://zab@a:1\" }, { id = 1, address = \"akka.tcp://zab@b:1\" }]",
        "akka.zab.members has the id 1 twice.")]
    [InlineData("members = [{ id = 1, address = \"akka.tcp://zab@a:1\" }, { id = 2, address = \"akka.tcp://zab@a:1\" }]",
        "akka.zab.members has the address akka.tcp://zab@a:1 twice.")]
    [InlineData("members = [{ id = 1, address = \"akka.tcp://zab@a:1\", weight = -1 }]",
        "The weight in entry 1 of akka.zab.members must be a whole number from 0 to 1000000, not \"-1\".")]
    [InlineData("members = [{ id = 1, address = \"akka.tcp://zab@a:1\", group = x }]",
        "The group in entry 1 of akka.zab.members must be a whole number from 1 to 255, not \"x\".")]
    [InlineData("members = [{ id = 1, address = \"akka.tcp://zab@a:1\", weight = 0 }]",
        "akka.zab.members needs a participant with a weight.")]
    [InlineData(
        "members = [{ id = 1, address = \"akka.tcp://zab@a:1\", group = 1 }, { id = 2, address = \"akka.tcp://zab@a:2\" }]",
        "akka.zab.members must have a group for every participant, or for none.")]
    [InlineData("reconfig = on, join = [there]",
        "akka.zab.join must be a list of addresses such as \"akka.tcp://zab@host:4051\", not [there].")]
    [InlineData("join = [\"akka.tcp://zab@a:1\"]",
        "akka.zab.reconfig must be on where there is something in akka.zab.join, not off.")]
    [InlineData(
        "reconfig = on, join = [\"akka.tcp://zab@a:1\"], "
        + "members = [{ id = 1, address = \"akka.tcp://zab@a:1\" }, { id = 2, address = \"akka.tcp://zab@a:2\" }]",
        "akka.zab.members must have this server only where there is something in akka.zab.join: it learns of the others.")]
    public void What_is_wrong_is_one_sentence_that_names_the_key(string settings, string sentence)
    {
        var refusal = Assert.Throws<ConfigurationException>(() => Read(settings));
        Assert.Equal(sentence, refusal.Message);
    }

    private static ZabSettings Read(string settings) =>
        ZabSettings.Read(ConfigurationFactory.ParseString($"akka.zab {{\n{settings}\n}}"));
}
