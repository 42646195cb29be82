using Akka.Actor;
using Akka.Configuration;
using Akka.Zab.Client;
using Akka.Zab.Protocol;
using Microsoft.Data.Sqlite;

namespace Akka.Zab.Tests.Hosting;

/// <summary>A real member in this process, by configuration alone, with its files on the disk.</summary>
public sealed class OneServerTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly string _folder = Directory.CreateTempSubdirectory("zab-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Configuration_alone_makes_a_member_and_what_it_acknowledged_survives_it()
    {
        var system = Start();
        await Zab.Get(system).WhenServingAsync().WaitAsync(Patience);
        long first;
        await using (var client = await ZabClient.ConnectAsync(system, []))
        {
            var created = await client.CreateAsync("/a", [1, 2]);
            first = created.Stat.CreatedZxid;
            await client.CreateAsync("/e", null, CreateMode.Ephemeral);
            await client.SetDataAsync("/a", [3]);
            await client.SyncAsync();
            Assert.Equal(["a", "e", "zookeeper"], (await client.GetChildrenAsync("/")).Names);
            var refusal = await Assert.ThrowsAsync<NodeExistsException>(() => client.CreateAsync("/a", []));
            Assert.Equal(ZabError.NodeExists, refusal.Error);
        }
        var status = await Zab.Get(system).StatusAsync();
        Assert.Equal((1, ServerRole.Leading, true), (status.ServerId, status.Role, status.Serving));
        await system.Terminate().WaitAsync(Patience);
        Assert.Null(await Zab.Get(system).WhenStopped.WaitAsync(Patience));

        system = Start();
        await Zab.Get(system).WhenServingAsync().WaitAsync(Patience);
        await using (var client = await ZabClient.ConnectAsync(system, []))
        {
            var data = await client.GetDataAsync("/a");
            Assert.Equal([3], data.Data!);
            Assert.Equal((first, 1), (data.Stat.CreatedZxid, data.Stat.Version));
            Assert.Null(await client.ExistsAsync("/e"));
            Assert.True((await client.CreateAsync("/b", [])).Stat.CreatedZxid > first);
        }
        await system.Terminate().WaitAsync(Patience);
    }

    [Theory]
    [InlineData("", "journal")]
    [InlineData("akka.zab.journal.tag-write-mode = Both", "journal")]
    [InlineData("akka.zab.journal.default.journal.table-name = mine", "mine")]
    public async Task The_journal_may_have_tables_of_ones_own(string hocon, string table)
    {
        for (var run = 0; run < 2; run++)
        {
            var system = Start(hocon);
            await Zab.Get(system).WhenServingAsync().WaitAsync(Patience);
            await using (var client = await ZabClient.ConnectAsync(system, []))
                await client.CreateAsync($"/run{run}", []);
            await system.Terminate().WaitAsync(Patience);
        }

        using var journal = new SqliteConnection($"Data Source={_folder}/journal.db;Pooling=False");
        journal.Open();
        using var count = journal.CreateCommand();
        count.CommandText = $"SELECT count(*) FROM {table}";
        Assert.True((long)count.ExecuteScalar()! > 2);
    }

    [Fact]
    public async Task The_ephemeral_znodes_of_a_client_that_dies_go_when_its_session_expires()
    {
        var system = Start("akka.zab.session-timeout.min = 400ms");
        await using var watcher = await ZabClient.ConnectAsync(system, []);
        var client = await ZabClient.ConnectAsync(
            system, [], new ZabClientOptions { SessionTimeout = TimeSpan.FromMilliseconds(400) });
        await client.CreateAsync("/e", [], CreateMode.Ephemeral);
        Assert.Equal(client.SessionId, (await watcher.ExistsAsync("/e", watch: true))!.Value.EphemeralOwner);
        client.Abandon();
        using var patience = new CancellationTokenSource(Patience);
        await foreach (var fired in watcher.ReadWatchEventsAsync(patience.Token))
        {
            Assert.Equal((WatchEventType.NodeDeleted, "/e"), (fired.Type, fired.Path));
            break;
        }
        await system.Terminate().WaitAsync(Patience);
    }

    [Fact]
    public async Task A_damaged_row_of_the_journal_stops_the_server_with_a_sentence_and_the_process_goes_on()
    {
        var system = Start();
        await using (var client = await ZabClient.ConnectAsync(system, [])) await client.CreateAsync("/a", [1]);
        await system.Terminate().WaitAsync(Patience);
        using (var journal = new SqliteConnection($"Data Source={_folder}/journal.db;Pooling=False"))
        {
            journal.Open();
            using var damage = journal.CreateCommand();
            damage.CommandText = "UPDATE journal SET message = randomblob(length(message)) WHERE ordering = (SELECT max(ordering) FROM journal)";
            Assert.Equal(1, damage.ExecuteNonQuery());
        }

        system = Start();
        var sentence = await Zab.Get(system).WhenStopped.WaitAsync(Patience);
        Assert.NotNull(sentence);
        Assert.Contains("journal", sentence);
        Assert.False(system.WhenTerminated.IsCompleted);
        await system.Terminate().WaitAsync(Patience);
    }

    [Fact]
    public async Task Two_servers_never_share_a_folder()
    {
        var system = Start();
        var refusal = Assert.Throws<ConfigurationException>(() => Start());
        Assert.Equal($"The folder {_folder} of akka.zab.data-dir is in use by another server.", refusal.Message);
        await system.Terminate().WaitAsync(Patience);
    }

    [Fact]
    public void A_wrong_setting_refuses_the_start() =>
        Assert.Throws<ConfigurationException>(() => Start("akka.zab.tick-time = never"));

    private ActorSystem Start(string more = "") => ActorSystem.Create("zab", ConfigurationFactory.ParseString(
        $$"""
          akka.loglevel = WARNING
          akka.extensions = ["Akka.Zab.ZabExtensionProvider, Akka.Zab"]
          akka.zab { data-dir = "{{_folder}}", tick-time = 200ms }
          {{more}}
          """));
}
