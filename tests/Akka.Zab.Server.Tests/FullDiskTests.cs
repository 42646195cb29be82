namespace Akka.Zab.Server.Tests;

/// <summary>A server whose files cannot grow any more: the shell's limit stands for a full disk.</summary>
[Collection("processes")]
public sealed class FullDiskTests : IDisposable
{
    const int LimitKiB = 2048;

    readonly string _folder = Directory.CreateTempSubdirectory("zab-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    string[] Arguments()
    {
        var file = Path.Combine(_folder, "zab.conf");
        File.WriteAllText(file, "akka.zab.client-port { host = \"127.0.0.1\", port = 0 }");
        return
        [
            "server", "--config", file, "--data", Path.Combine(_folder, "data"),
            "--set", "akka.remote.dot-netty.tcp.port=0", "--set", "akka.remote.dot-netty.tcp.hostname=127.0.0.1",
        ];
    }

    static async Task<RawClient> ClientAsync(ZabProcess zab)
    {
        var line = await zab.LineAsync("ZooKeeper clients");
        return new RawClient([int.Parse(line[(line.LastIndexOf(':') + 1)..])]);
    }

    [ToolFact("/bin/bash")]
    public async Task A_server_whose_disk_is_full_stops_with_a_sentence_and_has_every_acknowledged_write_afterwards()
    {
        var acknowledged = new List<string>();
        await using (var zab = ZabProcess.StartWithFilesOf(LimitKiB, Arguments()))
        {
            using var client = await ClientAsync(zab);
            while (acknowledged.Count < 1000)
            {
                var name = $"{acknowledged.Count}";
                if (await client.CreateAsync($"/{name}", new byte[10_000]) is not { } reply) break;
                Assert.Equal(0, reply.Error);
                acknowledged.Add(name);
            }
            Assert.Equal(1, await zab.ExitAsync());
            Assert.InRange(acknowledged.Count, 10, 999);
            Assert.Contains("zab: The journal of 'zab-1' could not be written", zab.Output);
            Assert.DoesNotContain("   at ", zab.Output);
        }
        await using (var zab = ZabProcess.Start(Arguments()))
        {
            using var client = await ClientAsync(zab);
            Assert.Empty(acknowledged.Except(await client.ChildrenAsync("/")));
            Assert.Equal(0, (await client.CreateAsync("/there-is-room-again", []))!.Error);
        }
    }
}
