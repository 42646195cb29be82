using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Text;
using Akka.Persistence.Sql.Db.Sqlite;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Akka.Engine.Tests.Persistence.Bundled;

/// <summary>A VFS that is registered as the engine's own is, and sees every sync.</summary>
static unsafe class SyncWitness
{
    const string RegisteredAs = "akka-test-witness";
    const int VfsPointer = 27; // SQLITE_FCNTL_VFS_POINTER
    const int IoError = 5;

    static readonly ConcurrentQueue<string> s_synced = new();
    static readonly ConcurrentDictionary<string, bool> s_failing = new();

    static SyncWitness() => Assert.Null(DataSyncVfs.Register(RegisteredAs, &Sync));

    /// <summary>Its name in connection strings; it is there when this is asked for.</summary>
    public static string Name => RegisteredAs;

    /// <summary>The files below a directory that were synced otherwise than by SQLite itself, in order.</summary>
    public static string[] SyncsBelow(string directory) =>
        [.. s_synced.Where(file => file.StartsWith(directory + "/", StringComparison.Ordinal))
            .Select(file => file[(directory.Length + 1)..])];

    /// <summary>Makes every sync of a file fail, as a broken disk does, or succeed again.</summary>
    public static void Fail(string file, bool fails) => s_failing[file] = fails;

    /// <summary>What a connection's VFS is called.</summary>
    public static string VfsOf(SqliteConnection connection)
    {
        var library = NativeLibrary.Load(raw.GetNativeLibraryName(), typeof(Batteries_V2).Assembly, null);
        var control = (delegate* unmanaged<nint, byte*, int, void*, int>)
            NativeLibrary.GetExport(library, "sqlite3_file_control");
        Vfs* vfs = null;
        Assert.Equal(raw.SQLITE_OK, control(connection.Handle!.DangerousGetHandle(), null, VfsPointer, &vfs));
        return Marshal.PtrToStringUTF8(vfs->Name)!;
    }

    /// <summary>Whether a descriptor counts as that of a file.</summary>
    public static bool IsTakenFor(int descriptor, string file)
    {
        Assert.Equal(RegisteredAs, Name);
        fixed (byte* path = Encoding.UTF8.GetBytes(file + '\0'))
            return DataSyncVfs.IsDescriptorOf(descriptor, path);
    }

    [UnmanagedCallersOnly]
    static int Sync(int descriptor)
    {
        var file = File.ResolveLinkTarget($"/proc/self/fd/{descriptor}", returnFinalTarget: false)?.FullName ?? "";
        s_synced.Enqueue(file);
        if (!s_failing.GetValueOrDefault(file))
            return FDataSync(descriptor);
        Marshal.SetLastSystemError(IoError);
        return -1;
    }

    [DllImport("libc", EntryPoint = "fdatasync")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int FDataSync(int descriptor);

    [StructLayout(LayoutKind.Sequential)]
    struct Vfs
    {
        readonly int _version;
        readonly int _fileSize;
        readonly int _longestPath;
        readonly nint _next;
        public readonly nint Name;
    }
}
