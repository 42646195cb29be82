namespace Akka.Zab.Server.Tests;

[Collection("processes")]
public class ProgramTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("zab-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    string Write(string hocon)
    {
        var file = Path.Combine(_folder, "zab.conf");
        File.WriteAllText(file, hocon);
        return file;
    }

    [Theory]
    [InlineData("")]
    [InlineData("nothing")]
    [InlineData("server")]
    [InlineData("dev --servers 0")]
    [InlineData("dev --servers three")]
    [InlineData("server --config x --set novalue")]
    public async Task A_command_line_that_makes_no_sense_ends_with_2(string line)
    {
        var (exitCode, output) = await ZabProcess.RunAsync(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(2, exitCode);
        Assert.StartsWith("zab: ", output);
        Assert.DoesNotContain("   at ", output);
    }

    [Theory]
    [InlineData("--help", "dev")]
    [InlineData("server --help", "--config")]
    [InlineData("dev --help", "--client-port")]
    [InlineData("status --help", "--json")]
    public async Task Every_command_explains_itself(string line, string word)
    {
        var (exitCode, output) = await ZabProcess.RunAsync(line.Split(' '));
        Assert.Equal(0, exitCode);
        Assert.Contains(word, output);
    }

    async Task RefusedAsync(string expected, params string[] arguments)
    {
        var (exitCode, output) = await ZabProcess.RunAsync(arguments);
        Assert.Equal(1, exitCode);
        Assert.Contains(expected, output);
        Assert.DoesNotContain("   at ", output);
        Assert.Single(output.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => line.StartsWith("zab: "));
    }

    [Fact]
    public Task A_file_that_is_not_there_is_named()
        => RefusedAsync("There is no file /nowhere/zab.conf.", "server", "--config", "/nowhere/zab.conf");

    [Fact]
    public Task An_unknown_key_is_named()
        => RefusedAsync("akka.zab.tick-tme", "server", "--config", Write("akka.zab.tick-tme = 2s"), "--data", _folder);

    [Fact]
    public Task A_value_out_of_its_range_is_named_also_when_it_comes_from_the_command_line()
        => RefusedAsync(
            "akka.zab.tick-time", "server", "--config", Write(""), "--data", _folder, "--set", "akka.zab.tick-time=1h");

    [Fact]
    public Task Status_of_nobody_is_refused()
        => RefusedAsync("No server answers at 127.0.0.1:1.", "status", "--servers", "127.0.0.1:1");

    [Fact]
    public async Task A_taken_port_is_named()
    {
        using var taken = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        taken.Start();
        var port = ((System.Net.IPEndPoint)taken.LocalEndpoint).Port;
        await RefusedAsync(
            $"127.0.0.1:{port} cannot be opened: it is taken.",
            "server", "--config", Write($"akka.zab.client-port {{ host = \"127.0.0.1\", port = {port} }}"),
            "--data", _folder, "--set", "akka.remote.dot-netty.tcp.port=0",
            "--set", "akka.remote.dot-netty.tcp.hostname=127.0.0.1");
    }

    [Fact]
    public async Task A_taken_port_of_the_actor_system_is_named()
    {
        using var taken = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        taken.Start();
        var port = ((System.Net.IPEndPoint)taken.LocalEndpoint).Port;
        await RefusedAsync(
            $"The port 127.0.0.1:{port} of akka.remote.dot-netty.tcp is taken.",
            "server", "--config", Write("akka.zab.client-port { host = \"127.0.0.1\", port = 0 }"),
            "--data", _folder, "--set", $"akka.remote.dot-netty.tcp.port={port}",
            "--set", "akka.remote.dot-netty.tcp.hostname=127.0.0.1");
    }

    [Fact]
    public async Task One_server_serves_alone_and_stops_cleanly_when_its_input_ends_or_it_is_terminated()
    {
        await using var zab = ZabProcess.Start(
            "server", "--config", Write("akka.zab.client-port { host = \"127.0.0.1\", port = 0 }"), "--data", _folder,
            "--set", "akka.remote.dot-netty.tcp.port=0", "--set", "akka.remote.dot-netty.tcp.hostname=127.0.0.1");
        var line = await zab.LineAsync("ZooKeeper clients");
        var port = int.Parse(line[(line.LastIndexOf(':') + 1)..]);
        using var client = new RawClient([port]);
        Assert.Equal(0, (await client.CreateAsync("/a", [1]))!.Error);
        Assert.Equal(0, (await client.GetAsync("/a"))!.Error);
        await client.CloseAsync();
        zab.Terminate();
        Assert.Equal(0, await zab.ExitAsync());
    }
}
