namespace Akka.Zab.Server.Tests;

/// <summary>A server's configuration in several files.</summary>
public sealed class IncludedFilesTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("zab-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Settings_of_an_included_file_belong_where_the_include_stands()
    {
        Write("common.conf", "tick-time = 500ms, init-limit = 5\ninclude \"deeper/more.conf\"");
        Write("deeper/more.conf", "sync-limit = 3\ninclude \"../last.conf\"");
        Write("last.conf", "snapshot.keep = 7");
        Write("server.conf", "akka.zab {\n  include \"common.conf\"\n  init-limit = 9\n}");
        var settings = ZabSettings.Read(Load());
        Assert.Equal(
            (500, 9, 3, 7),
            (settings.TickMs, settings.InitLimitTicks, settings.SyncLimitTicks, settings.SnapshotsKept));
    }

    [Fact]
    public void An_included_file_that_is_not_there_is_named()
    {
        Write("server.conf", "a = 1\ninclude \"absent.conf\"");
        Refused("server.conf is not HOCON", $"There is no file {_folder}/absent.conf");
    }

    [Fact]
    public void An_error_in_an_included_file_is_named_with_its_file()
    {
        Write("server.conf", "include \"broken.conf\"");
        Write("broken.conf", "a = 1\nb = ${nowhere.at.all}");
        Refused("server.conf is not HOCON", $"{_folder}/broken.conf: ");
    }

    [Fact]
    public void A_file_that_includes_itself_is_refused()
    {
        Write("server.conf", "include \"other.conf\"");
        Write("other.conf", "include \"server.conf\"");
        Refused($"{_folder}/server.conf includes itself.");
    }

    Akka.Configuration.Config Load() =>
        ServerConfig.Load(new ServerOptions(Path.Combine(_folder, "server.conf"), null, [], null, false));

    void Refused(params string[] parts)
    {
        var refusal = Assert.Throws<RefusedException>(() => Load());
        foreach (var part in parts) Assert.Contains(part, refusal.Message);
    }

    void Write(string file, string text)
    {
        var path = Path.Combine(_folder, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
