using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Unicode;
using SQLitePCL;

namespace Akka.Persistence.Sql.Db.Sqlite;

/// <summary>
/// How SQLite reaches its files on Linux, with fdatasync where it calls fsync.
/// </summary>
/// <remarks>
/// <para>
/// The shipped SQLite was compiled without HAVE_FDATASYNC. fsync writes a file's times, too, and so makes the file
/// system commit a journal of its own at nearly every commit of ours; fdatasync writes the data and what is needed to
/// find it again, the size above all. That is all that SQLite asks for: compiled for it, it calls nothing else.
/// </para>
/// <para>
/// This is a VFS, SQLite's own seam for it: a copy of SQLite's "unix" under a name of its own. A file is opened by the
/// original and stays the original's in everything except for one entry in its table of methods, the sync. The first
/// sync of each opened file is the original's, which then syncs the directory as well. A file whose descriptor can't be
/// told for certain keeps the original's fsync.
/// </para>
/// </remarks>
static unsafe class DataSyncVfs
{
    public const string Name = "akka-fdatasync";

    const int Ok = raw.SQLITE_OK;
    const int SyncFailed = raw.SQLITE_IOERR | (4 << 8); // SQLITE_IOERR_FSYNC
    const int DatabaseOrLog = raw.SQLITE_OPEN_MAIN_DB | raw.SQLITE_OPEN_WAL;
    const int KnownVersion = 3; // of both tables; what came later is not copied

    static readonly Lazy<string?> s_refusal = new(RegisterOnce);
    static delegate* unmanaged<byte*, byte*, nint, nint> s_readlink;

    /// <summary>Why SQLite can't be used in this way here, or null if connections may name this VFS.</summary>
    public static string? Refusal => s_refusal.Value;

    /// <summary>Registers one more VFS of this kind, for the life of the process.</summary>
    /// <param name="name">Its name in connection strings.</param>
    /// <param name="sync">Makes a descriptor's data durable; anything but 0 is a failure.</param>
    /// <returns>Why that is not possible, or null.</returns>
    public static string? Register(string name, delegate* unmanaged<int, int> sync)
    {
        Batteries_V2.Init();
        var library = raw.GetNativeLibraryName();
        if (!NativeLibrary.TryLoad(library, typeof(Batteries_V2).Assembly, searchPath: null, out var sqlite)
            || !NativeLibrary.TryGetExport(sqlite, "sqlite3_vfs_find", out var find)
            || !NativeLibrary.TryGetExport(sqlite, "sqlite3_vfs_register", out var register))
            return $"the library {library} does not show its VFS interface";
        if (!NativeLibrary.TryGetExport(NativeLibrary.GetMainProgramHandle(), "readlink", out var readlink))
            return "there is no readlink";
        s_readlink = (delegate* unmanaged<byte*, byte*, nint, nint>)readlink;
        var original = ((delegate* unmanaged<byte*, Vfs*>)find)(null);
        if (original is null || original->Version < KnownVersion
            || !MemoryMarshal.CreateReadOnlySpanFromNullTerminated(original->Name).SequenceEqual("unix"u8))
            return "SQLite's default VFS is not the one of its own for Unix";

        var vfs = (OurVfs*)NativeMemory.AllocZeroed((nuint)sizeof(OurVfs));
        vfs->Base = *original;
        vfs->Base.Version = KnownVersion;
        vfs->Base.FileSize = TailOffset(original) + sizeof(FileTail);
        vfs->Base.Next = null;
        vfs->Base.Name = (byte*)Marshal.StringToCoTaskMemUTF8(name);
        vfs->Base.Open = &Open;
        vfs->Original = original;
        vfs->Sync = sync;
        if (((delegate* unmanaged<Vfs*, int, int>)register)(&vfs->Base, 0) != Ok)
            return "SQLite refused the VFS";
        // The library that was found by name might be another copy than the one that opens connections.
        var opened = raw.sqlite3_open_v2(":memory:", out var probe, raw.SQLITE_OPEN_READWRITE, name);
        probe?.Dispose();
        return opened == Ok ? null : "SQLite does not find the VFS";
    }

    static string? RegisterOnce()
    {
        if (!OperatingSystem.IsLinux())
            return "this is not Linux";
        return NativeLibrary.TryGetExport(NativeLibrary.GetMainProgramHandle(), "fdatasync", out var sync)
            ? Register(Name, (delegate* unmanaged<int, int>)sync)
            : "there is no fdatasync";
    }

    [UnmanagedCallersOnly]
    static int Open(Vfs* vfs, byte* path, VfsFile* file, int flags, int* flagsOut)
    {
        var ours = (OurVfs*)vfs;
        var original = ours->Original;
        var result = original->Open(original, path, file, flags, flagsOut);
        if (result != Ok || (flags & DatabaseOrLog) == 0 || path is null)
            return result;
        var methods = file->Methods;
        if (methods is null || methods->Version < KnownVersion || !IsDescriptorOf(file->Descriptor, path))
            return result;
        var tail = Tail(file, original);
        tail->Methods = *methods;
        tail->Methods.Version = KnownVersion;
        tail->Methods.Sync = &Sync;
        tail->FirstSync = methods->Sync;
        tail->Sync = ours->Sync;
        file->Methods = &tail->Methods;
        return result;
    }

    [UnmanagedCallersOnly]
    static int Sync(VfsFile* file, int flags)
    {
        // The table in use is the head of the tail.
        var tail = (FileTail*)file->Methods;
        if (tail->FirstSync is not null)
        {
            var result = tail->FirstSync(file, flags);
            if (result == Ok)
                tail->FirstSync = null;
            return result;
        }
        return tail->Sync(file->Descriptor) == 0 ? Ok : SyncFailed;
    }

    /// <summary>
    /// Where the descriptor stands in SQLite's object is not written in its interface, so every file proves it: the
    /// kernel must know that descriptor as this path, which SQLite has rid of symbolic links.
    /// </summary>
    internal static bool IsDescriptorOf(int descriptor, byte* path)
    {
        Span<byte> link = stackalloc byte[32];
        if (descriptor < 0 || !Utf8.TryWrite(link, $"/proc/self/fd/{descriptor}\0", out _))
            return false;
        var expected = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(path);
        if (expected.Length > 4096)
            return false;
        Span<byte> found = stackalloc byte[expected.Length + 1];
        fixed (byte* from = link, to = found)
        {
            var length = s_readlink(from, to, found.Length);
            return length == expected.Length && found[..expected.Length].SequenceEqual(expected);
        }
    }

    static int TailOffset(Vfs* original) => (original->FileSize + 7) & ~7;

    static FileTail* Tail(VfsFile* file, Vfs* original) => (FileTail*)((byte*)file + TailOffset(original));

    /// <summary>sqlite3_vfs, version 3.</summary>
    [StructLayout(LayoutKind.Sequential)]
    struct Vfs
    {
        public int Version;
        public int FileSize;
        public int LongestPath;
        public Vfs* Next;
        public byte* Name;
        public void* Data;
        public delegate* unmanaged<Vfs*, byte*, VfsFile*, int, int*, int> Open;
        public FifteenPointers DeleteToNextSystemCall;
    }

    [StructLayout(LayoutKind.Sequential)]
    struct OurVfs
    {
        public Vfs Base;
        public Vfs* Original;
        public delegate* unmanaged<int, int> Sync;
    }

    /// <summary>sqlite3_io_methods, version 3.</summary>
    [StructLayout(LayoutKind.Sequential)]
    struct Methods
    {
        public int Version;
        public FourPointers CloseToTruncate;
        public delegate* unmanaged<VfsFile*, int, int> Sync;
        public ThirteenPointers FileSizeToUnfetch;
    }

    /// <summary>The head of what SQLite's "unix" VFS keeps for an open file.</summary>
    [StructLayout(LayoutKind.Sequential)]
    struct VfsFile
    {
        public Methods* Methods;
        readonly void* _vfs;
        readonly void* _inode;
        public readonly int Descriptor;
    }

    /// <summary>What stands behind SQLite's own object of an open file.</summary>
    [StructLayout(LayoutKind.Sequential)]
    struct FileTail
    {
        public Methods Methods;
        public delegate* unmanaged<VfsFile*, int, int> FirstSync;
        public delegate* unmanaged<int, int> Sync;
    }

    [InlineArray(4)]
    struct FourPointers
    {
        nint _first;
    }

    [InlineArray(13)]
    struct ThirteenPointers
    {
        nint _first;
    }

    [InlineArray(15)]
    struct FifteenPointers
    {
        nint _first;
    }
}
