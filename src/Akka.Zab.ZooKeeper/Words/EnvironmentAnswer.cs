using System.Net;
using System.Runtime.InteropServices;

namespace Akka.Zab.ZooKeeper.Words;

/// <summary>The answer to <c>envi</c>, with ZooKeeper's names where they mean something here.</summary>
internal static class EnvironmentAnswer
{
    public static string Text
    {
        get
        {
            var text = new Lines();
            text.Add($"Environment:");
            text.Add($"zookeeper.version={WordAnswers.Version}");
            text.Add($"host.name={Dns.GetHostName()}");
            text.Add($"dotnet.version={Environment.Version}");
            text.Add($"dotnet.home={RuntimeEnvironment.GetRuntimeDirectory()}");
            text.Add($"os.name={(OperatingSystem.IsLinux() ? "Linux" : Environment.OSVersion.Platform.ToString())}");
            text.Add($"os.arch={RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}");
            text.Add($"os.version={Environment.OSVersion.Version}");
            text.Add($"user.name={Environment.UserName}");
            text.Add($"user.home={Environment.GetFolderPath(Environment.SpecialFolder.UserProfile)}");
            text.Add($"user.dir={Environment.CurrentDirectory}");
            text.Add($"os.memory.total={GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 20}MB");
            text.Add($"os.memory.used={Environment.WorkingSet >> 20}MB");
            return text.ToString();
        }
    }
}
