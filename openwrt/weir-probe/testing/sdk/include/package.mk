# Stand-in for the SDK's: installs a package into DESTINATION, or builds it.
define BuildPackage
install:
	$(call Package/$(1)/install,$(DESTINATION))
compile:
	$(call Build/Compile)
endef
