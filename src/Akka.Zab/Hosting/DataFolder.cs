using Akka.Configuration;

namespace Akka.Zab.Hosting;

/// <summary>The folder in which a server keeps what must survive. Held by one server at a time.</summary>
internal sealed class DataFolder : IDisposable
{
    private readonly FileStream _lock;

    private DataFolder(string path, FileStream held)
    {
        Path = path;
        _lock = held;
    }

    /// <summary>The folder, absolute.</summary>
    public string Path { get; }

    public string Journal => System.IO.Path.Combine(Path, "journal.db");

    public string Snapshots => System.IO.Path.Combine(Path, "snapshots.db");

    /// <summary>
    /// Makes the folder if it is not there, and takes hold of it: the operating system lets go when the process ends,
    /// however it ends.
    /// </summary>
    /// <exception cref="ConfigurationException">It cannot be used, or another server holds it.</exception>
    public static DataFolder Open(string path)
    {
        var lockFile = System.IO.Path.Combine(path, "lock");
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"The folder {path} of akka.zab.data-dir cannot be made: {e.Message}");
        }
        try
        {
            var held = new FileStream(lockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            return new DataFolder(path, held);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new ConfigurationException(
                $"The folder {path} of akka.zab.data-dir cannot be written to: {e.Message}");
        }
        catch (IOException)
        {
            throw new ConfigurationException(
                $"The folder {path} of akka.zab.data-dir is in use by another server.");
        }
    }

    /// <summary>Lets go of the folder.</summary>
    public void Dispose() => _lock.Dispose();
}
