using Akka.Zab.Server.Tests.BackToBack;

namespace Akka.Zab.Server.Tests.Tours;

/// <summary>
/// Clients made for ZooKeeper that log in with SASL, at a server that demands it. The client for C is not among them:
/// Debian's is built without.
/// </summary>
[Collection("processes")]
public sealed class SaslToursTests : IAsyncLifetime
{
    const string Java = "/usr/bin/java";
    const string Javac = "/usr/bin/javac";
    const string Python = "/usr/bin/python3";
    const string Kazoo = "/usr/lib/python3/dist-packages/kazoo/client.py";
    const string PureSasl = "/usr/lib/python3/dist-packages/puresasl/client.py";
    const string ZkCli = "/usr/share/zookeeper/bin/zkCli.sh";

    const string Users = """
        akka.zab {
          acl.required-schemes = [sasl]
          sasl {
            users = [
              { name = bob, password = secret }, { name = alice, password = geheim }, { name = root, password = toor }
            ]
            super-users = [root]
          }
        }
        """;

    const string Jaas = """
        Bob { org.apache.zookeeper.server.auth.DigestLoginModule required username="bob" password="secret"; };
        Alice { org.apache.zookeeper.server.auth.DigestLoginModule required username="alice" password="geheim"; };
        Root { org.apache.zookeeper.server.auth.DigestLoginModule required username="root" password="toor"; };
        Wrong { org.apache.zookeeper.server.auth.DigestLoginModule required username="bob" password="wrong"; };
        Client { org.apache.zookeeper.server.auth.DigestLoginModule required username="bob" password="secret"; };
        """;

    readonly string _folder = Directory.CreateTempSubdirectory("zab-test-").FullName;
    OurServer? _server;

    string JaasFile => Path.Combine(_folder, "jaas.conf");

    public Task InitializeAsync() => File.WriteAllTextAsync(JaasFile, Jaas);

    public async Task DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [ToolFact(Java, Javac, ReferenceServer.Jar)]
    public async Task ZooKeepers_client_for_Java_logs_in()
    {
        var path = string.Join(':', _folder, "/usr/share/java/slf4j-nop.jar", ReferenceServer.Jar);
        var (exitCode, output) = await TouredEnsemble.ToolAsync(
            Javac, "-d", _folder, "-cp", path, TouredEnsemble.File("Talk.java"), TouredEnsemble.File("SaslTour.java"));
        Assert.True(exitCode == 0, output);
        await TourAsync(hosts => TouredEnsemble.ToolAsync(
            Java, "-Xmx256m", $"-Djava.security.auth.login.config={JaasFile}", "-cp", path, "SaslTour", hosts));
    }

    [ToolFact(Python, Kazoo, PureSasl)]
    public Task Kazoo_logs_in() => TourAsync(
        hosts => TouredEnsemble.ToolAsync(Python, TouredEnsemble.File("kazoo_sasl.py"), hosts));

    [ToolFact(ZkCli)]
    public Task ZooKeepers_shell_logs_in() => TourAsync(
        hosts => ClientToursTests.RunAsync(
            "/usr/bin/env",
            "create /cli\nsetAcl /cli auth::cdrwa\ngetAcl /cli\nwhoami\ncreate /mine data sasl:bob:r\nset /mine x\nquit\n",
            $"CLIENT_JVMFLAGS=-Djava.security.auth.login.config={JaasFile}", ZkCli, "-server", hosts),
        "Created /cli\n", "'sasl,'bob", ": cdrwa", "sasl: bob", "Created /mine\n", "Insufficient permission : /mine");

    [Fact]
    public async Task The_programs_own_commands_log_in()
    {
        _server = new OurServer(new PairSettings { Hocon = Users });
        var hosts = $"127.0.0.1:{await _server.StartedAsync()}";
        var (exitCode, refusal) = await ZabProcess.RunAsync("members", "list", "--servers", hosts, "--sasl", "bob:secret");
        Assert.Equal((0, ""), (exitCode, refusal.Trim()));
        (_, refusal) = await ZabProcess.RunAsync("members", "list", "--servers", hosts, "--sasl", "bob:wrong");
        Assert.Contains("The credentials were refused.", refusal);
        (_, refusal) = await ZabProcess.RunAsync("members", "list", "--servers", hosts);
        Assert.Contains("The servers want to know first who asks: see --auth and --sasl.", refusal);
        (_, refusal) = await ZabProcess.RunAsync("members", "list", "--servers", hosts, "--sasl", "bob");
        Assert.Contains("What follows --sasl must be USER:PASSWORD.", refusal);
    }

    async Task TourAsync(Func<string, Task<(int ExitCode, string Output)>> tour, params string[] expected)
    {
        _server = new OurServer(new PairSettings { Hocon = Users });
        var (_, output) = await tour($"127.0.0.1:{await _server.StartedAsync()}");
        foreach (var line in expected.Length > 0 ? expected : ["tour done\n"])
            Assert.True(output.Contains(line), $"\"{line}\" is missing in:\n{output}");
    }
}
