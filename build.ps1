# Starts the front; builds it first when a source is newer than it.
# No param() block: it would bind words such as -Namespace by prefix, and they are the front's.

$ErrorActionPreference = "Stop"
$ScriptDir = Split-Path -Parent $MyInvocation.MyCommand.Path

###########################################################################
# CONFIGURATION
###########################################################################

$BuildProjectFile = Join-Path $ScriptDir "build/_build.csproj"
$TempDirectory = Join-Path $ScriptDir ".nuke/temp"
$OutputDirectory = Join-Path $ScriptDir "artifacts/bin/_build/release"
$DotNetInstallUrl = "https://dot.net/v1/dotnet-install.ps1"

###########################################################################
# EXECUTION
###########################################################################

function Stop-Refused($Code, $Text) {
  [Console]::Error.WriteLine("error ${Code}: $Text")
  exit 2
}

# As build.sh checks them: places and limits that the build cannot bear, told before anything is built or written elsewhere.
if ($ScriptDir -match '[''%;*?"\n]|\$\(|@\(') {
  Stop-Refused FT0115 ("the path of this checkout holds one of ' % ; * ? `" `$( @( or a line break, which MSBuild cannot bear; move it: " +
    ($ScriptDir -replace "\n", " "))
}
$Temporary = [IO.Path]::GetTempPath()
$Probe = Join-Path $Temporary "faultmatrix-$PID-$([Guid]::NewGuid().ToString("N"))"
try { [IO.File]::Open($Probe, "CreateNew", "Write", "None").Dispose(); [IO.File]::Delete($Probe) }
catch {
  $variable = if ($IsLinux -or $IsMacOS) { "TMPDIR" } else { "TMP" }
  Stop-Refused FT0116 "$variable names $($Temporary.TrimEnd('/', '\')), which is no folder that can be written; name another or unset it."
}
$RaiseFiles = $false
if ($IsLinux -or $IsMacOS) {
  $files = & /bin/sh -c "ulimit -S -n"
  if ("$files" -match '^\d+$' -and [long]$files -lt 512) {
    & /bin/sh -c "ulimit -S -n 512" *> $null
    if ($LASTEXITCODE -ne 0) {
      Stop-Refused FT0117 "only $files files may be open at a time, and at least 512 are needed; raise the limit with ulimit -n 512."
    }
    $RaiseFiles = $true
  }
}

$env:DOTNET_CLI_TELEMETRY_OPTOUT = 1
$env:DOTNET_NOLOGO = 1
$env:DOTNET_SKIP_FIRST_TIME_EXPERIENCE = 1
# As build.sh says: what profile-guided recompilation costs is more than short-lived processes win back.
$env:DOTNET_TieredPGO = 0
# A program that is killed would leave its sockets for debuggers in the folder for temporary files.
if ($null -eq $env:DOTNET_EnableDiagnostics) { $env:DOTNET_EnableDiagnostics = 0 }
$Program = Join-Path $OutputDirectory "faultmatrix.dll"
$Stamp = Join-Path $OutputDirectory ".built"

function Test-Fresh {
  if (-not ((Test-Path $Stamp) -and (Test-Path $Program))) { return $false }
  $built = (Get-Item -Force $Stamp).LastWriteTimeUtc
  $folders = "src", "build", "eng" | ForEach-Object { Join-Path $ScriptDir $_ } | Where-Object { Test-Path $_ }
  # A folder's own time tells of a file that was deleted. Only what is below this folder decides: it may lie in a folder named bin.
  $sources = @(Get-Item -Force $folders) + @(Get-ChildItem -Recurse -Force $folders |
    Where-Object { $_.FullName.Substring($ScriptDir.Length) -notmatch '[\\/](bin|obj|artifacts|build[\\/]nuke)([\\/]|$)' })
  $sources += @(Get-ChildItem (Join-Path $ScriptDir "Directory.*")) + @(Get-Item (Join-Path $ScriptDir "global.json"))
  return -not ($sources | Where-Object { $_.LastWriteTimeUtc -gt $built } | Select-Object -First 1)
}

function Find-DotNet {
  $own = Join-Path $TempDirectory "dotnet/dotnet"
  $candidates = @()
  if ($env:DOTNET_ROOT) { $candidates += (Join-Path $env:DOTNET_ROOT "dotnet") }
  $onPath = Get-Command dotnet -CommandType Application -ErrorAction SilentlyContinue | Select-Object -First 1
  if ($onPath) { $candidates += $onPath.Source }
  $candidates += $own
  Push-Location $ScriptDir
  try {
    foreach ($candidate in $candidates) {
      if (Get-Command $candidate -ErrorAction SilentlyContinue) {
        & $candidate --version *> $null
        if ($LASTEXITCODE -eq 0) { return $candidate }
      }
    }
  } finally { Pop-Location }
  [Console]::Error.WriteLine("No .NET SDK as global.json names it was found; fetching one into .nuke/temp/dotnet.")
  New-Item -ItemType Directory -Force $TempDirectory > $null
  $installer = Join-Path $TempDirectory "dotnet-install.ps1"
  [Net.ServicePointManager]::SecurityProtocol = [Net.SecurityProtocolType]::Tls12
  (New-Object System.Net.WebClient).DownloadFile($DotNetInstallUrl, $installer)
  & $installer -JsonFile (Join-Path $ScriptDir "global.json") -InstallDir (Join-Path $TempDirectory "dotnet") -NoPath | Out-Host
  return $own
}

if (-not (Test-Fresh)) {
  New-Item -ItemType Directory -Force $TempDirectory, $OutputDirectory > $null
  $lock = $null
  while (-not $lock) {
    try { $lock = [IO.File]::Open((Join-Path $TempDirectory "build.lock"), "OpenOrCreate", "ReadWrite", "None") }
    catch [IO.IOException] { Start-Sleep -Milliseconds 200 }
  }
  try {
    if (-not (Test-Fresh)) {
      $DotNet = Find-DotNet
      [Console]::Error.WriteLine("Building FaultMatrix (a source is newer than the program) ...")
      Set-Content -Path "$Stamp.new" -Value $DotNet
      # What CI systems call VERSION, PLATFORM and the like would be properties of our projects.
      $foreign = @{}
      foreach ($name in "VERSION", "Version", "PLATFORM", "Platform", "CONFIGURATION", "Configuration") {
        if (Test-Path "env:$name") { $foreign[$name] = (Get-Item "env:$name").Value; Remove-Item "env:$name" }
      }
      try { $log = & $DotNet build $BuildProjectFile -c Release -nologo -v:q -nodeReuse:false --tl:off -p:RunAnalyzers=false }
      finally { foreach ($name in $foreign.Keys) { Set-Item "env:$name" $foreign[$name] } }
      if ($LASTEXITCODE -ne 0) { $code = $LASTEXITCODE; $log | Out-Host; exit $code }
      Move-Item -Force "$Stamp.new" $Stamp
    }
  } finally { $lock.Dispose() }
}

# As build.sh says: for the tool, and what it starts; the compiler, which runs before it, takes longer with these.
$env:DOTNET_TC_CallCountThreshold = "0x1000"
$env:DOTNET_ThreadPool_UnfairSemaphoreSpinLimit = "0"
$reads = "$($args | Select-Object -First 1)" -in "Parse", "Report", "Compare", "Merge", "History"
$env:DOTNET_TC_CallCountingDelayMs = $(if ($reads) { "0x14" } else { $null })
$env:DOTNET_GCgen0size = $(if ($reads) { "0x400000" } else { "0x1000000" })
$words = $args
$version = $PSVersionTable.PSVersion
if ($IsLinux -or $IsMacOS) {
  # There PowerShell takes a word with a wildcard for a pattern of files, however it was quoted, so the words go round the command line.
  $env:FAULTMATRIX_WORDS = ConvertTo-Json -Compress -InputObject @($args | ForEach-Object { "$_" -replace '^~(?=$|/)', $HOME })
  $words = @("--words-of-the-environment")
} elseif ($version.Major -lt 7 -or ($version.Major -eq 7 -and $version.Minor -lt 3)) {
  # Before 7.3, it loses quotes and empty words on the way to a program unless they are escaped for it.
  $words = @($args | ForEach-Object { if ("$_" -eq "") { '""' } else { "$_" -replace '(\\*)"', '$1$1\"' -replace '(?<= .*)(\\+)$', '$1$1' } })
}
$done = $false
try {
  $command = @((Get-Content $Stamp | Select-Object -First 1), "exec", $Program) + $words
  # This process cannot raise its own limit; a shell in between can.
  if ($RaiseFiles) { $command = @("/bin/sh", "-c", 'ulimit -S -n 512; exec "$0" "$@"') + $command }
  $rest = @($command | Select-Object -Skip 1)
  & $command[0] @rest
  $done = $true
} finally {
  # A session that goes on must not keep what may hold a secret.
  $env:FAULTMATRIX_WORDS = $null
  # Ctrl+C ends this script here, while the program still cleans up. A host that lives for the script alone would then say 0.
  if (-not $done -and ([Environment]::GetCommandLineArgs() -match '^[-/](f|file|c|command|e|ec|encodedcommand)$')) { $host.SetShouldExit(130) }
}
exit $LASTEXITCODE
