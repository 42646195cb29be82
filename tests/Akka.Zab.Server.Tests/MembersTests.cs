using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Akka.Zab.Client;
using Akka.Zab.Server.Commands;

namespace Akka.Zab.Server.Tests;

/// <summary>Real servers come and go while clients write.</summary>
[Collection("processes")]
public class MembersTests
{
    static readonly TimeSpan _patience = TimeSpan.FromSeconds(90);
    static readonly string _superDigest =
        $"super:{Convert.ToBase64String(SHA1.HashData("super:secret"u8))}";

    const string Python = "/usr/bin/python3";
    const string ZkCli = "/usr/share/zookeeper/bin/zkCli.sh";
    const string Kazoo = "/usr/lib/python3/dist-packages/kazoo/client.py";

    /// <summary>Creates znodes one after the other, and remembers which were acknowledged.</summary>
    sealed class Writer(ZabClient client) : IAsyncDisposable
    {
        readonly CancellationTokenSource _stop = new();
        readonly SemaphoreSlim _acknowledgements = new(0);
        Task _running = Task.CompletedTask;

        public List<string> Acknowledged { get; } = [];

        public async Task StartAsync()
        {
            await client.CreateAsync("/written", []);
            _running = Task.Run(RunAsync);
        }

        public async Task MoreAsync(int count)
        {
            for (var i = 0; i < count; i++) await _acknowledgements.WaitAsync().WaitAsync(_patience);
        }

        public async Task StopAsync()
        {
            await _stop.CancelAsync();
            await _running.WaitAsync(_patience);
        }

        public ValueTask DisposeAsync() => client.DisposeAsync();

        async Task RunAsync()
        {
            for (var i = 0; !_stop.IsCancellationRequested; i++)
            {
                var name = i.ToString("d6", CultureInfo.InvariantCulture);
                try
                {
                    await client.CreateAsync($"/written/{name}", Encoding.UTF8.GetBytes(name));
                }
                catch (ZabException e) when (e.Error == ZabError.ConnectionLoss)
                {
                    continue; // it may be there or not
                }
                Acknowledged.Add(name);
                _acknowledgements.Release();
            }
        }
    }

    /// <summary>A server that is told of one member and nothing else.</summary>
    sealed class Newcomer(int id, string folder) : IAsyncDisposable
    {
        readonly int _akka = FreePort();
        readonly int _client = FreePort();
        ZabProcess? _process;

        public string ClientAddress => $"127.0.0.1:{_client}";

        public string Spec => $"server.{id}=127.0.0.1:{_akka}:{_akka - 1}:participant;{ClientAddress}";

        public string Address => $"akka.tcp://zab@127.0.0.1:{_akka}";

        public void Start(string member)
        {
            var config = Path.Combine(folder, $"{id}.conf");
            File.WriteAllText(config, $$"""
                akka.zab {
                  server-id = {{id}}
                  reconfig = on
                  join = ["{{member}}"]
                  members = [{ id = {{id}}, address = "{{Address}}", client = "{{ClientAddress}}" }]
                  client-port { host = "127.0.0.1", port = {{_client}} }
                  acl.super-digest = "{{_superDigest}}"
                }
                """);
            _process = ZabProcess.Start("server", "--config", config, "--data", Path.Combine(folder, $"{id}"));
        }

        public async Task ServesAsync()
        {
            using var patience = new CancellationTokenSource(_patience);
            while (!(await ServerReport.AskAsync(ClientAddress, _patience, patience.Token)).Serves)
                await Task.Delay(50, patience.Token);
        }

        public ValueTask DisposeAsync() => _process?.DisposeAsync() ?? ValueTask.CompletedTask;

        static int FreePort()
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            return ((IPEndPoint)listener.LocalEndpoint).Port;
        }
    }

    [Fact]
    public async Task All_three_servers_are_replaced_under_load_and_nothing_that_was_acknowledged_is_lost()
    {
        var folder = Directory.CreateTempSubdirectory("zab-members-").FullName;
        var newcomers = Enumerable.Range(4, 3).Select(id => new Newcomer(id, folder)).ToArray();
        try
        {
            await using var old = await StartAsync();
            var everyone = string.Join(',', [old.Hosts, .. newcomers.Select(newcomer => newcomer.ClientAddress)]);
            await using var admin = await AdminAsync(everyone);
            await using var writer = new Writer(await ZabClient.ConnectAsync(everyone));
            await writer.StartAsync();
            await writer.MoreAsync(20);

            var known = old.Addresses[0];
            for (var i = 0; i < 3; i++)
            {
                newcomers[i].Start(known);
                await ReplaceAsync(admin, i + 1, newcomers[i].Spec);
                await newcomers[i].ServesAsync();
                await writer.MoreAsync(20);
                known = newcomers[i].Address;
            }

            // Who was removed says so, and serves nobody; and nobody needs it any more.
            foreach (var port in old.Ports)
            {
                await WaitForAsync(
                    () => ServerReport.AskAsync($"127.0.0.1:{port}", _patience, CancellationToken.None),
                    report => !report.Serves);
            }
            for (var server = 1; server <= 3; server++)
            {
                await WaitForAsync(
                    () => Task.FromResult(old.Log(server)),
                    log => log.Contains("is no member of the ensemble", StringComparison.Ordinal));
            }
            Assert.Equal(0, await old.StopAsync());
            await writer.MoreAsync(20);
            await writer.StopAsync();

            foreach (var newcomer in newcomers)
            {
                await using var client = await ZabClient.ConnectAsync(newcomer.ClientAddress);
                var there = await client.GetChildrenAsync("/written", ReadConsistency.Linearizable);
                Assert.Empty(writer.Acknowledged.Except(there.Names));
            }
        }
        finally
        {
            foreach (var newcomer in newcomers) await newcomer.DisposeAsync();
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task The_program_shows_and_changes_the_members_and_hands_the_lead_over()
    {
        await using var ensemble = await StartAsync();
        string[] session = ["--servers", ensemble.Hosts, "--auth", "super:secret"];
        var leader = await ensemble.LeaderAsync();
        var other = leader == 1 ? 2 : 1;

        Assert.Contains("server.3=127.0.0.1:", await ZabAsync(0, ["members", "list", .. session]));
        Assert.Contains(
            "Only who may write to /zookeeper/config", await ZabAsync(1, ["lead", "--to", $"{other}", .. session[..2]]));
        await ZabAsync(0, ["lead", "--to", $"{other}", .. session]);
        Assert.Equal(other, await WaitForAsync(async () => await LeaderAsync(ensemble), lead => lead == other));
        Assert.Contains("argument is not legal", await ZabAsync(1, ["lead", "--to", "9", .. session]));

        var without = await ZabAsync(0, ["members", "remove", "3", .. session]);
        Assert.DoesNotContain("server.3=", without, StringComparison.Ordinal);
        var version = without[(without.IndexOf("version=", StringComparison.Ordinal) + 8)..].Trim();
        var spec = $"3={new Uri(ensemble.Addresses[2]).Authority}:1:observer;127.0.0.1:{ensemble.Ports[2]}";
        Assert.Contains(
            "another version than expected", await ZabAsync(1, ["members", "add", spec, "--from-version", "1", .. session]));
        Assert.Contains(
            ":1:observer;", await ZabAsync(0, ["members", "add", spec, "--from-version", version, .. session]));
        Assert.Contains("--from-version must be", await ZabAsync(1, ["members", "remove", "3", "--from-version", "x", .. session]));
    }

    [Fact]
    public async Task A_hand_over_whose_answer_is_lost_is_asked_for_again()
    {
        var asked = 0;
        await LeadCommand.SurelyAsync(
            () => ++asked < 3 ? Task.FromException(new ConnectionLossException()) : Task.CompletedTask);
        Assert.Equal(3, asked);
        await Assert.ThrowsAsync<OperationTimeoutException>(
            () => LeadCommand.SurelyAsync(() => Task.FromException(new OperationTimeoutException())));
    }

    const string KazooTour = """
        import sys
        from kazoo.client import KazooClient
        from kazoo.exceptions import BadArgumentsError, NewConfigNoQuorumError, BadVersionError, NoAuthError

        def raises(kind, call, *arguments, **named):
            try: call(*arguments, **named)
            except kind: return
            raise AssertionError("%s was not raised" % kind)

        zk = KazooClient(hosts=sys.argv[1], timeout=10); zk.start()
        gone = sys.argv[2]
        data, stat = zk.get("/zookeeper/config"); assert stat.version == -1, stat
        three = [l for l in data.decode().split("\n") if l.startswith("server.%s=" % gone)][0]
        raises(NoAuthError, zk.reconfig, joining=None, leaving=gone, new_members=None)
        zk.add_auth("digest", "super:secret")
        config, stat = zk.reconfig(joining=None, leaving=gone, new_members=None)
        assert b"server.%s=" % gone.encode() not in config and stat.version == -1, config
        version = int(config.decode().split("version=")[1], 16)
        raises(BadVersionError, zk.reconfig, joining=three, leaving=None, new_members=None, from_config=version + 1)
        raises(BadArgumentsError, zk.reconfig, joining="nonsense", leaving=None, new_members=None)
        raises(NewConfigNoQuorumError, zk.reconfig, joining="server.7=127.0.0.1:5:6,server.8=127.0.0.1:7:8",
            leaving=None, new_members=None)
        config, stat = zk.reconfig(joining=three, leaving=None, new_members=None, from_config=version)
        assert three.encode() in config, config
        config, stat = zk.reconfig(joining=None, leaving=None, new_members=config.decode().split("version=")[0])
        assert zk.get("/zookeeper/config")[0] == config
        zk.stop(); zk.close(); print("tour done")
        """;

    [ToolFact(Python, Kazoo)]
    public async Task Kazoo_reconfigures_the_ensemble()
    {
        await using var ensemble = await StartAsync();
        // With one server, which does not leave, nor does the leader: nobody lets it go in the middle.
        var leader = await ensemble.LeaderAsync();
        var server = leader == 1 ? 2 : 1;
        var leaving = 6 - leader - server;
        var (exitCode, output) = await ClientToursTests.RunAsync(
            Python, null, "-c", KazooTour, $"127.0.0.1:{ensemble.Ports[server - 1]}", $"{leaving}");
        Assert.True(exitCode == 0 && output.Contains("tour done"), output);
    }

    [ToolFact(ZkCli)]
    public async Task ZkCli_reconfigures_the_ensemble()
    {
        await using var ensemble = await StartAsync();
        var leader = await ensemble.LeaderAsync();
        var server = leader == 1 ? 2 : 1;
        var leaving = 6 - leader - server;
        await using var admin = await AdminAsync($"127.0.0.1:{ensemble.Ports[server - 1]}");
        var members = Encoding.UTF8.GetString((await admin.GetDataAsync("/zookeeper/config")).Data!).Split('\n');
        var line = members.Single(member => member.StartsWith($"server.{leaving}=", StringComparison.Ordinal));
        var (exitCode, output) = await ClientToursTests.RunAsync(
            ZkCli,
            $"""
            reconfig -remove {leaving}
            addauth digest super:secret
            reconfig -remove {leaving}
            config -c
            reconfig -v 7 -add {line}
            reconfig -add server.7=127.0.0.1:5:6;127.0.0.1:7,server.8=127.0.0.1:8:9;127.0.0.1:10
            reconfig -add nonsense
            reconfig -s -add {line}
            config
            reconfig -members {string.Join(',', members[..^1].Where(member => member != line))}
            reconfig -add {line}
            quit

            """,
            "-server", $"127.0.0.1:{ensemble.Ports[server - 1]}");
        Assert.Equal(0, exitCode);
        // Removed, added, without it as a whole, added; and shown once in between.
        var two = members[..^1].Where(member => member != line).ToArray();
        Assert.Equal(
            [Text(two), Text(members[..^1]), Text(members[..^1]), Text(two), Text(members[..^1])],
            Configurations(output).Select(Text));
        Assert.Matches("(?m)^[0-9a-f]+ 127\\.0\\.0\\.1:[0-9]+,127\\.0\\.0\\.1:[0-9]+$", output);
        foreach (var refusal in (string[])[
            "Insufficient permission", "version No is not valid", "No quorum of new config is connected",
            "Arguments are not valid"])
            Assert.True(output.Contains(refusal), $"\"{refusal}\" is missing in:\n{output}");
        Assert.Contains("dataVersion = -1", output);

        static string Text(IEnumerable<string> lines) => string.Join('\n', lines);
    }

    /// <summary>The lines about servers of each configuration that was printed.</summary>
    static List<List<string>> Configurations(string output)
    {
        List<List<string>> all = [[]];
        foreach (var line in output.Split('\n'))
        {
            if (line.StartsWith("server.", StringComparison.Ordinal)) all[^1].Add(line);
            else if (all[^1].Count > 0) all.Add([]);
        }
        return all[..^1];
    }

    static Task<DevFixture> StartAsync() => DevFixture.StartAsync(
        "--set", "akka.zab.reconfig=on", "--set", $"akka.zab.acl.super-digest={_superDigest}");

    static async Task<ZabClient> AdminAsync(string servers)
    {
        var admin = await ZabClient.ConnectAsync(servers);
        await admin.AddAuthAsync("digest", "super:secret"u8.ToArray());
        return admin;
    }

    /// <summary>Asks until it is done: the newcomer has to catch up first, and an answer may be lost with a leader.</summary>
    static async Task ReplaceAsync(ZabClient admin, int leaving, string joining)
    {
        using var patience = new CancellationTokenSource(_patience);
        while (true)
        {
            try
            {
                var config = Encoding.UTF8.GetString(
                    (await admin.GetDataAsync("/zookeeper/config", ReadConsistency.Linearizable)).Data!);
                if (config.Contains(joining, StringComparison.Ordinal) && !config.Contains($"server.{leaving}=")) return;
                await admin.ReconfigureAsync([joining], [leaving], cancellation: patience.Token);
            }
            catch (ZabException e) when (e.Error is ZabError.ConnectionLoss or ZabError.NewConfigNoQuorum
                or ZabError.ReconfigInProgress)
            {
                await Task.Delay(50, patience.Token);
            }
        }
    }

    static async Task<int> LeaderAsync(DevFixture ensemble)
    {
        for (var i = 0; i < ensemble.Ports.Count; i++)
        {
            var report = await ServerReport.AskAsync($"127.0.0.1:{ensemble.Ports[i]}", _patience, CancellationToken.None);
            if (report.Leads) return i + 1;
        }
        return 0;
    }

    static async Task<T> WaitForAsync<T>(Func<Task<T>> ask, Func<T, bool> isThere)
    {
        using var patience = new CancellationTokenSource(_patience);
        while (true)
        {
            var answer = await ask();
            if (isThere(answer)) return answer;
            await Task.Delay(50, patience.Token);
        }
    }

    static async Task<string> ZabAsync(int expected, string[] arguments)
    {
        var (exitCode, output) = await ZabProcess.RunAsync(arguments);
        Assert.True(exitCode == expected, output);
        return output;
    }
}
