namespace Akka.Zab.Benchmarks.Ensembles;

/// <summary>Where this program was built from.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    /// <summary>The program that is measured, of the configuration that this one was built in.</summary>
    public static string Server
    {
        get
        {
            var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
            return Path.Combine(Root, "src", "Akka.Zab.Server", "bin", configuration, "net10.0", "zab.dll");
        }
    }

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Akka.Zab.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException("This program must lie in its repository.");
        return folder.FullName;
    }
}
