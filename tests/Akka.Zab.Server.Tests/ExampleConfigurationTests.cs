namespace Akka.Zab.Server.Tests;

public class ExampleConfigurationTests
{
    public static TheoryData<string> Examples => [.. Directory.GetFiles(Folder(), "*.conf").Select(f => Path.GetFileName(f)!)];

    [Theory]
    [MemberData(nameof(Examples))]
    public void Every_example_is_accepted(string file)
    {
        var config = ServerConfig.Load(new ServerOptions(Path.Combine(Folder(), file), null, [], null, false));
        var settings = ZabSettings.Read(config);
        var needed = Math.Max(settings.MaxBatchBytes, 1 << 20) + (64 << 10);
        Assert.True(config.GetByteSize("akka.remote.dot-netty.tcp.maximum-frame-size", 0) >= needed);
        if (settings.Self.Address is { } address)
        {
            Assert.Equal(address.Host, config.GetString("akka.remote.dot-netty.tcp.public-hostname"));
            Assert.Equal(address.Port, config.GetInt("akka.remote.dot-netty.tcp.port"));
        }
    }

    private static string Folder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Akka.Zab.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException("The tests do not run within the repository.");
        return Path.Combine(folder.FullName, "hocon");
    }
}
